package radedit.exec.tornado;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TornadoFunctions.Task6;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * GEMM kernels from the naive one to the two in use, each compared with the simpler one before: one work-item per
 * result; tiles in local memory; 4 x 4 results per work-item in registers; the same with 128-bit reads of local memory;
 * then the kernels in use, with 8 x 8 results per work-item and double-buffered local memory.
 */
class TornadoLadderTest {
    private static final float BOUND = 1e-6f;

    @ParameterizedTest
    @CsvSource({"1, 100, 40, 130, 1, 1", "2, 9, 16, 70, 3, 1", "1, 12, 24, 140, 3, 2", "1, 30, 600, 40, 1, 1"})
    void everyRungAgreesWithTheOneBelow(int batch, int side, int channels, int columns, int kernel, int stride)
            throws TornadoExecutionPlanException {
        int height = kernel == 1 ? 1 : side;
        int out = (side + stride - 1) / stride;
        int rows = batch * out * (kernel == 1 ? 1 : out);
        FeatureMap input = new FeatureMap(new Offset.Values(Device.ZEROS), height, side, channels, false);
        Offset.Values result = input.x().plus(batch * height * side * channels);
        Gemm p = new Gemm(Kernel.GEMM_64, rows, input, Gemm.Second.NONE,
                new Gemm.Window(kernel, stride, kernel / 2, kernel / 2, out),
                new Gemm.Weights(new DeviceWeights.Place(0, 0, WeightFormat.FLOAT32), new Offset.Tables(0), 1, rows),
                GemmEpilogue.none(result, columns, rows / batch));
        float[] naive = run(LadderKernels::naive, 1, p);
        float[] tiled = run(LadderKernels::tiled, 1, p);
        float[] registers = run(LadderKernels::registers, 4, p);
        float[] vectors = run(LadderKernels::vectors, 4, p);
        float[] narrow = run(Kernel.GEMM_64, p);
        float[] wide = run(Kernel.GEMM_128, p);
        agree("tiled", naive, tiled);
        agree("registers", tiled, registers);
        agree("vector loads", registers, vectors);
        agree("double-buffered, 128 x 64", vectors, narrow);
        agree("double-buffered, 128 x 128", narrow, wide);
    }

    /** Work-groups of 16 x 16 work-items, each with this many results in both directions. */
    private static float[] run(
            Task6<KernelContext, FloatArray, FloatArray, FloatArray, ShortArray, IntArray> kernel, int each, Gemm p)
            throws TornadoExecutionPlanException {
        FloatArray values = values(p);
        FloatArray weights = weights(p);
        return run(p, new TaskGraph("ladder").transferToDevice(DataTransferMode.EVERY_EXECUTION, values, weights)
                .task("t", kernel, new KernelContext(), values, new FloatArray(1), weights, new ShortArray(1),
                        slots(p)),
                values,
                new Grid(Math.ceilDiv(p.epilogue().columns(), 16 * each), Math.ceilDiv(p.rows(), 16 * each), 16, 16));
    }

    private static float[] run(Kernel k, Gemm p) throws TornadoExecutionPlanException {
        FloatArray values = values(p);
        FloatArray weights = weights(p);
        return run(p, new TaskGraph("ladder").transferToDevice(DataTransferMode.EVERY_EXECUTION, values, weights)
                .task("t", k.gemm, new KernelContext(), values, new FloatArray(1), weights, new ShortArray(1),
                        slots(p), k.tile, WeightFormat.FLOAT32.fractionBits),
                values, Gemm.grid(k, p.rows(), p.epilogue().columns()));
    }

    private static IntArray slots(Gemm p) {
        IntArray slots = new IntArray(Slots.COUNT);
        Slots.of(p).copyTo(slots);
        return slots;
    }

    private static FloatArray values(Gemm p) {
        Random random = new Random(1);
        FloatArray values = new FloatArray(p.epilogue().out().at() + p.rows() * p.epilogue().columns());
        for (int i = Device.ZEROS; i < p.epilogue().out().at(); i++) {
            values.set(i, (float) random.nextGaussian());
        }
        return values;
    }

    private static FloatArray weights(Gemm p) {
        Random random = new Random(2);
        int length = p.epilogue().columns() * p.window().taps() * p.input().channels();
        FloatArray weights = new FloatArray(length + Gemm.SLICE);
        for (int i = 0; i < length; i++) {
            weights.set(i, (float) random.nextGaussian());
        }
        return weights;
    }

    private static float[] run(Gemm p, TaskGraph task, FloatArray values, Grid g)
            throws TornadoExecutionPlanException {
        WorkerGrid2D grid = new WorkerGrid2D(1, 1);
        grid.setGlobalWork((long) g.groupsX() * g.itemsX(), (long) g.groupsY() * g.itemsY(), 1);
        grid.setLocalWork(g.itemsX(), g.itemsY(), 1);
        TaskGraph graph = task.transferToHost(DataTransferMode.EVERY_EXECUTION, values);
        try (TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot())) {
            plan.withGridScheduler(new GridScheduler("ladder.t", grid)).execute();
        }
        float[] result = new float[p.rows() * p.epilogue().columns()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(p.epilogue().out().at() + i);
        }
        return result;
    }

    private static void agree(String rung, float[] below, float[] ours) {
        double difference = 0;
        double size = 0;
        for (int i = 0; i < ours.length; i++) {
            difference += Math.pow(ours[i] - below[i], 2);
            size += Math.pow(below[i], 2);
        }
        double error = Math.sqrt(difference / size);
        System.out.printf("ladder: %s differs by %.1e from the rung below%n", rung, error);
        assertTrue(error <= BOUND && size > 0, () -> rung + ": " + error);
    }
}
