package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

import radedit.safetensors.TensorData;

/**
 * Uploads through an execution plan. TornadoVM transfers whole arrays only, so data goes through small staging buffers, from
 * which a kernel copies it to the destination.
 */
final class PlanUploads implements Uploads {
    /** Lengths of the staging buffers: a timestep or a latent, a batch of embeddings, a part of a weight. */
    private static final int[] LENGTHS = {1 << 14, 1 << 18, MOST};

    private static final String STORE = "STORE";

    private record Stage(FloatArray array, KernelGraph store) {}

    private final PlanDevice device;
    private final List<Stage> stages = new ArrayList<>();
    private final ShortArray halfStage = new ShortArray(MOST);
    /** By weight array. */
    private final List<KernelGraph> toWeights = new ArrayList<>();
    private final List<KernelGraph> clears = new ArrayList<>();

    PlanUploads(PlanDevice device, KernelContext context, DeviceArrays arrays) {
        this.device = device;
        for (int i = 0; i < LENGTHS.length; i++) {
            FloatArray stage = new FloatArray(LENGTHS[i]);
            stages.add(new Stage(stage,
                    load(STORE + i, stage, g -> g.task("t", StoreKernels::store, context, arrays.values,
                            arrays.tables, arrays.latents, stage, device.slots()))));
        }
        FloatArray largest = stages.getLast().array;
        for (FloatArray f : arrays.floats) {
            toWeights.add(load(StoreKernels.STORE_FLOATS, largest,
                    g -> g.task("t", StoreKernels::floats, context, f, largest, device.slots())));
            clears.add(
                    device.load(StoreKernels.CLEAR_FLOATS,
                            device.graph(StoreKernels.CLEAR_FLOATS).task("t", StoreKernels::clearFloats, context,
                                    f, device.slots())));
        }
        for (ShortArray h : arrays.halves) {
            toWeights.add(load(StoreKernels.STORE_HALVES, halfStage,
                    g -> g.task("t", StoreKernels::halves, context, h, halfStage, device.slots())));
            clears.add(
                    device.load(StoreKernels.CLEAR_HALVES,
                            device.graph(StoreKernels.CLEAR_HALVES).task("t", StoreKernels::clearHalves, context,
                                    h, device.slots())));
        }
    }

    /** Creates a graph that first transfers a staging buffer. */
    private KernelGraph load(String kernel, TornadoNativeArray stage, UnaryOperator<TaskGraph> task) {
        return device.load(kernel,
                task.apply(device.graph(kernel).transferToDevice(DataTransferMode.EVERY_EXECUTION, stage)));
    }

    /** Graphs of all kernels. */
    List<KernelGraph> graphs() {
        List<KernelGraph> all = new ArrayList<>(toWeights);
        stages.forEach(s -> all.add(s.store));
        all.addAll(clears);
        return all;
    }

    @Override
    public void values(Offset.Values to, float[] from) {
        store(from, to::plus);
    }

    @Override
    public void table(Offset.Tables to, float[] from) {
        store(from, to::plus);
    }

    @Override
    public void latents(Offset.Latents to, float[] from) {
        store(from, to::plus);
    }

    /**
     * @param to
     *            destination of element i
     */
    private void store(float[] from, IntFunction<Offset> to) {
        for (int start = 0; start < from.length; start += MOST) {
            int n = Math.min(MOST, from.length - start);
            Stage stage = stages.stream().filter(s -> n <= s.array.getSize()).findFirst().orElseThrow();
            MemorySegment.copy(from, start, stage.array.getSegment(), ValueLayout.JAVA_FLOAT, 0, n);
            device.run(STORE, stage.store, new StoreKernels.Store(to.apply(start), n));
        }
    }

    @Override
    public void weight(DeviceWeights.Place to, float[] part, WeightLayout layout) {
        MemorySegment.copy(part, 0, stages.getLast().array.getSegment(), ValueLayout.JAVA_FLOAT, 0, part.length);
        store(to, part.length, layout);
    }

    @Override
    public void weight(DeviceWeights.Place to, TensorData tensor, long from, int n, WeightLayout layout) {
        TornadoNativeArray stage = device.isFloat(to.arena()) ? stages.getLast().array : halfStage;
        tensor.copyBytes(from, n, stage.getSegment(), 0);
        store(to, n, layout);
    }

    private void store(DeviceWeights.Place to, int n, WeightLayout layout) {
        device.run(STORE, toWeights.get(to.arena()), new StoreKernels.StoreWeights(to, n, layout));
    }

    @Override
    public void clear(DeviceWeights.Place place, int length) {
        device.run("CLEAR", clears.get(place.arena()), new StoreKernels.Clear(place.at(), length));
    }
}
