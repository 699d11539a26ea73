package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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

    private record Stage(FloatArray array, Device.Loaded toValues, Device.Loaded toTables, Device.Loaded toLatents) {}

    private final Device device;
    private final List<Stage> stages = new ArrayList<>();
    private final ShortArray halfStage = new ShortArray(MOST);
    /** For each array of matrices. */
    private final List<Device.Loaded> toMatrices = new ArrayList<>();
    private final List<Device.Loaded> clears = new ArrayList<>();

    Uploads(Device device, KernelContext context, FloatArray values, FloatArray tables, FloatArray latents, List<FloatArray> floats,
            List<ShortArray> halves) {
        this.device = device;
        for (int length : LENGTHS) {
            FloatArray stage = new FloatArray(length);
            stages.add(new Stage(stage, floats(context, values, stage), floats(context, tables, stage),
                    floats(context, latents, stage)));
        }
        for (FloatArray f : floats) {
            toMatrices.add(floats(context, f, stages.getLast().array));
            clears.add(device.load(device.graph().task("t", StoreKernels::clearFloats, context, f, device.parameters())));
        }
        for (ShortArray h : halves) {
            toMatrices.add(device.load(staged(halfStage).task("t", StoreKernels::halves, context, h, halfStage,
                    device.parameters())));
            clears.add(device.load(device.graph().task("t", StoreKernels::clearHalves, context, h, device.parameters())));
        }
    }

    private Device.Loaded floats(KernelContext context, FloatArray to, FloatArray stage) {
        return device.load(staged(stage).task("t", StoreKernels::floats, context, to, stage, device.parameters()));
    }

    private TaskGraph staged(TornadoNativeArray stage) {
        return device.graph().transferToDevice(DataTransferMode.EVERY_EXECUTION, stage);
    }

    /** Writes values of a run, the first to place {@code to}. */
    void values(int to, float[] from) {
        store(Stage::toValues, to, from);
    }

    /** Writes numbers among the tables. */
    void table(int to, float[] from) {
        store(Stage::toTables, to, from);
    }

    /** Writes latents. */
    void latents(int to, float[] from) {
        store(Stage::toLatents, to, from);
    }

    private void store(Function<Stage, Device.Loaded> kernel, int to, float[] from) {
        for (int start = 0; start < from.length; start += MOST) {
            int n = Math.min(MOST, from.length - start);
            Stage stage = stages.stream().filter(s -> n <= s.array.getSize()).findFirst().orElseThrow();
            MemorySegment.copy(from, start, stage.array.getSegment(), ValueLayout.JAVA_FLOAT, 0, n);
            send(kernel.apply(stage), to + start, n, Layout.PLAIN);
        }
    }

    /** Writes a part of a matrix. */
    void matrix(Residents.Place to, float[] part, Layout layout) {
        MemorySegment.copy(part, 0, stages.getLast().array.getSegment(), ValueLayout.JAVA_FLOAT, 0, part.length);
        send(toMatrices.get(to.arena()), to.at(), part.length, layout);
    }

    /** Writes a part of a matrix as the file has it, past the heap. */
    void matrix(Residents.Place to, TensorData tensor, long from, int n, Layout layout) {
        TornadoNativeArray stage = device.isFloat(to.arena()) ? stages.getLast().array : halfStage;
        tensor.copyBytes(from, n, stage.getSegment(), 0);
        send(toMatrices.get(to.arena()), to.at(), n, layout);
    }

    private void send(Device.Loaded kernel, int to, int n, Layout layout) {
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
    void clear(Residents.Place place, int length) {
        int[] p = new int[Launch.PARAMETERS];
        p[StoreKernels.LENGTH] = length;
        p[StoreKernels.TO] = place.at();
        device.run("CLEAR", clears.get(place.arena()), 256, Math.ceilDiv(length, 256), p);
    }
}
