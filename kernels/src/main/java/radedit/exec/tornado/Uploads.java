package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import radedit.weights.TensorData;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Brings numbers from the host to their places in a device's arrays. TornadoVM sends arrays as a whole only, so numbers go
 * to a small array, a stage, which is sent, and from there a kernel takes them.
 */
final class Uploads {
    /** The most numbers that are sent at once, 16 MB of floats. */
    static final int MOST = 1 << 22;
    /** Lengths of the stages: a timestep or a latent, a batch of embeddings, a part of a matrix. */
    private static final int[] LENGTHS = {1 << 14, 1 << 18, MOST};

    // Names of the kernels.
    static final String CLEAR_FLOATS = "CLEAR_FLOATS";
    static final String CLEAR_HALVES = "CLEAR_HALVES";
    private static final String STORE = "STORE";
    private static final String STORE_FLOATS = "STORE_FLOATS";
    private static final String STORE_HALVES = "STORE_HALVES";

    private record Stage(FloatArray array, KernelGraph store) {}

    private final Device device;
    private final List<Stage> stages = new ArrayList<>();
    private final ShortArray halfStage = new ShortArray(MOST);
    /** For each array of matrices. */
    private final List<KernelGraph> toMatrices = new ArrayList<>();
    private final List<KernelGraph> clears = new ArrayList<>();

    Uploads(Device device, KernelContext context, DeviceArrays arrays) {
        this.device = device;
        for (int i = 0; i < LENGTHS.length; i++) {
            FloatArray stage = new FloatArray(LENGTHS[i]);
            stages.add(new Stage(stage, load(STORE + i, stage, g -> g.task("t", StoreKernels::store, context, arrays.values,
                    arrays.tables, arrays.latents, stage, device.parameters()))));
        }
        FloatArray largest = stages.getLast().array;
        for (FloatArray f : arrays.floats) {
            toMatrices.add(load(STORE_FLOATS, largest,
                    g -> g.task("t", StoreKernels::floats, context, f, largest, device.parameters())));
            clears.add(device.load(CLEAR_FLOATS, device.graph(CLEAR_FLOATS).task("t", StoreKernels::clearFloats, context,
                    f, device.parameters())));
        }
        for (ShortArray h : arrays.halves) {
            toMatrices.add(load(STORE_HALVES, halfStage,
                    g -> g.task("t", StoreKernels::halves, context, h, halfStage, device.parameters())));
            clears.add(device.load(CLEAR_HALVES, device.graph(CLEAR_HALVES).task("t", StoreKernels::clearHalves, context,
                    h, device.parameters())));
        }
    }

    /** A graph that sends a stage first. */
    private KernelGraph load(String kernel, TornadoNativeArray stage, UnaryOperator<TaskGraph> task) {
        return device.load(kernel,
                task.apply(device.graph(kernel).transferToDevice(DataTransferMode.EVERY_EXECUTION, stage)));
    }

    /** The graphs of all its kernels. */
    List<KernelGraph> graphs() {
        List<KernelGraph> all = new ArrayList<>(toMatrices);
        stages.forEach(s -> all.add(s.store));
        all.addAll(clears);
        return all;
    }

    /** Writes values of a run, the first to place {@code to}. */
    void values(int to, float[] from) {
        store(StoreKernels.TO_VALUES, to, from);
    }

    /** Writes numbers among the tables. */
    void table(int to, float[] from) {
        store(StoreKernels.TO_TABLES, to, from);
    }

    /** Writes latents. */
    void latents(int to, float[] from) {
        store(StoreKernels.TO_LATENTS, to, from);
    }

    private void store(int array, int to, float[] from) {
        for (int start = 0; start < from.length; start += MOST) {
            int n = Math.min(MOST, from.length - start);
            Stage stage = stages.stream().filter(s -> n <= s.array.getSize()).findFirst().orElseThrow();
            MemorySegment.copy(from, start, stage.array.getSegment(), ValueLayout.JAVA_FLOAT, 0, n);
            int[] p = new int[Launch.PARAMETERS];
            p[StoreKernels.LENGTH] = n;
            p[StoreKernels.TO] = to + start;
            p[StoreKernels.ARRAY] = array;
            device.run("STORE", stage.store, 256, Math.ceilDiv(n, 256), p);
        }
    }

    /** Writes a part of a matrix. */
    void matrix(DeviceWeights.Place to, float[] part, WeightLayout layout) {
        MemorySegment.copy(part, 0, stages.getLast().array.getSegment(), ValueLayout.JAVA_FLOAT, 0, part.length);
        send(toMatrices.get(to.arena()), to.at(), part.length, layout);
    }

    /** Writes a part of a matrix as the file has it, past the heap. */
    void matrix(DeviceWeights.Place to, TensorData tensor, long from, int n, WeightLayout layout) {
        TornadoNativeArray stage = device.arrays().isFloat(to.arena()) ? stages.getLast().array : halfStage;
        tensor.copyBytes(from, n, stage.getSegment(), 0);
        send(toMatrices.get(to.arena()), to.at(), n, layout);
    }

    private void send(KernelGraph kernel, int to, int n, WeightLayout layout) {
        int[] p = new int[Launch.PARAMETERS];
        p[StoreKernels.LENGTH] = n;
        p[StoreKernels.TO] = to;
        p[StoreKernels.FIRST] = layout.first();
        p[StoreKernels.CHANNELS] = layout.channels();
        p[StoreKernels.TAPS] = layout.taps();
        p[StoreKernels.PADDED_CHANNELS] = layout.padded();
        device.run("STORE", kernel, 256, Math.ceilDiv(n, 256), p);
    }

    /** Zeros where a matrix will lie. */
    void clear(DeviceWeights.Place place, int length) {
        int[] p = new int[Launch.PARAMETERS];
        p[StoreKernels.LENGTH] = length;
        p[StoreKernels.TO] = place.at();
        device.run("CLEAR", clears.get(place.arena()), 256, Math.ceilDiv(length, 256), p);
    }
}
