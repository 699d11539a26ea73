package radedit.exec.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.DataRange;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.ImmutableTaskGraph;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.TornadoExecutionResult;
import uk.ac.manchester.tornado.api.WorkerGrid2D;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Two arrays on the device, for values and for weights, and the kernels that work on them.
 *
 * <p>
 * TornadoVM compiles a task once for its scalar arguments and array sizes, and a graph of tasks is limited to a few
 * dozen. So there is one graph with one task for each kind of kernel, all in one plan over the same two arrays; what
 * differs from call to call is a short array of numbers, sent with each call, and the grid.
 *
 * <p>
 * The host's side of the arrays is mapped from an empty file with a hole in it, and the arrays are never sent as a whole:
 * they cost the host nothing but the pages that results are read through.
 */
final class Device implements AutoCloseable {
    /** Lengths of the two stages. A stage is always sent whole, so there is a short one. */
    private static final int SHORT_STAGE = 1 << 14;
    private static final int LONG_STAGE = 1 << 22;
    /** IEEE arithmetic: no flags but "no warnings", where the default would be fast maths. */
    private static final String STRICT = "-w";

    private record Loaded(int graph, WorkerGrid2D grid) {}

    private final FloatArray values;
    private final FloatArray weights;
    private final IntArray parameters = new IntArray(Launch.PARAMETERS);
    private final FloatArray shortStage = new FloatArray(SHORT_STAGE);
    private final FloatArray longStage = new FloatArray(LONG_STAGE);
    private final Arena host = Arena.ofShared();
    private final Loaded storeShort;
    private final Loaded storeLong;
    private final Map<Kind, Loaded> kinds = new EnumMap<>(Kind.class);
    private final TornadoExecutionPlan plan;
    private final String flags;
    private final GridScheduler grids = new GridScheduler();
    private int graphs;
    private long calls;
    /** Through it results are read. */
    private TornadoExecutionResult last;

    /**
     * @param flags
     *            of the driver's compiler; null for strict arithmetic
     * @throws BackendException
     *             if the device refuses
     */
    Device(TornadoDevice device, long valueCount, long weightCount, String flags) {
        this.flags = flags == null ? STRICT : flags;
        values = array(valueCount);
        weights = array(weightCount);
        KernelContext context = new KernelContext();
        ImmutableTaskGraph[] all = new ImmutableTaskGraph[2 + Kind.values().length];
        storeShort = load(store(context, shortStage, true), all);
        storeLong = load(store(context, longStage, false), all);
        for (Kind k : Kind.values()) {
            kinds.put(k, load(graph().transferToDevice(DataTransferMode.EVERY_EXECUTION, parameters)
                    .task("t", k.kernel, context, values, weights, parameters), all));
        }
        plan = new TornadoExecutionPlan(all);
        guarded("start", () -> {
            plan.withDevice(device);
            plan.withCompilerFlags(TornadoVMBackendType.OPENCL, this.flags);
            plan.withGridScheduler(grids);
            // The first call makes the arrays on the device; all others find them there.
            store(0, new float[1], 1, storeShort, shortStage, new int[]{0, 1, 1, 1, 1});
            return null;
        });
    }

    private TaskGraph graph() {
        return new TaskGraph("g" + graphs).consumeFromDevice(values, weights);
    }

    private TaskGraph store(KernelContext context, FloatArray stage, boolean first) {
        TaskGraph g = first
                ? new TaskGraph("g" + graphs).transferToDevice(DataTransferMode.UNDER_DEMAND, values, weights)
                : graph();
        return g.transferToDevice(DataTransferMode.EVERY_EXECUTION, stage, parameters).task("t", StoreKernels::store,
                context, values, weights, stage, parameters);
    }

    private Loaded load(TaskGraph g, ImmutableTaskGraph[] all) {
        WorkerGrid2D grid = new WorkerGrid2D(1, 1);
        grids.addWorkerGrid("g" + graphs + ".t", grid);
        all[graphs] = g.transferToHost(DataTransferMode.UNDER_DEMAND, values).persistOnDevice(values, weights)
                .snapshot();
        return new Loaded(graphs++, grid);
    }

    private FloatArray array(long length) {
        try {
            Path file = Files.createTempFile("radedit", ".device");
            try (FileChannel c = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                MemorySegment s = c.map(FileChannel.MapMode.READ_WRITE, 0, TornadoNativeArray.ARRAY_HEADER + 4 * length,
                        host);
                return FloatArray.fromSegmentShallow(s);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flags of the driver's compiler, "" if none change the arithmetic. */
    String flags() {
        return flags.equals(STRICT) ? "" : flags;
    }

    /** How many kernels were started. */
    long calls() {
        return calls;
    }

    /** Runs a kernel and waits for it. */
    void run(Launch l) {
        guarded(l.kind.name(), () -> execute(kinds.get(l.kind), l.kind.itemsX, l.kind.itemsY, l.groupsX, l.groupsY,
                l.parameters));
    }

    private TornadoExecutionResult execute(Loaded k, int itemsX, int itemsY, int groupsX, int groupsY, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            parameters.set(i, numbers[i]);
        }
        k.grid.setGlobalWork((long) groupsX * itemsX, (long) groupsY * itemsY, 1);
        k.grid.setLocalWork(itemsX, itemsY, 1);
        calls++;
        last = plan.withGraph(k.graph).execute();
        return last;
    }

    /**
     * Writes values of a run.
     *
     * @param to
     *            place of the first
     */
    void storeValues(int to, float[] from) {
        store(to, from, new int[]{0, 1, 1, 1, 1});
    }

    /**
     * Writes a weight.
     *
     * @param to
     *            place of its first value
     * @param part
     *            some of its values
     * @param first
     *            number of the first of them in the tensor [columns, channels, taps]
     * @param padded
     *            channels in its place, which is [columns, taps, padded]
     */
    void storeWeights(int to, float[] part, int first, int channels, int taps, int padded) {
        store(to, part, new int[]{first, channels, taps, padded, 0});
    }

    private void store(int to, float[] from, int[] layout) {
        guarded("STORE", () -> {
            boolean few = from.length <= SHORT_STAGE;
            return store(to, from, from.length, few ? storeShort : storeLong, few ? shortStage : longStage, layout);
        });
    }

    /** The most values that can be stored at once. */
    static int stageLength() {
        return LONG_STAGE;
    }

    private TornadoExecutionResult store(int to, float[] from, int n, Loaded kernel, FloatArray stage, int[] layout) {
        MemorySegment.copy(from, 0, stage.getSegment(), ValueLayout.JAVA_FLOAT, 0, n);
        int[] p = new int[Launch.PARAMETERS];
        p[StoreKernels.LENGTH] = n;
        p[StoreKernels.TO] = to;
        System.arraycopy(layout, 0, p, StoreKernels.FIRST, layout.length);
        return execute(kernel, 256, 1, Math.ceilDiv(n, 256), 1, p);
    }

    /** Reads values of a run. */
    float[] read(int from, int n) {
        float[] out = new float[n];
        guarded("read", () -> {
            last.transferToHost(new DataRange(values).withOffset(from).withSize(n));
            return null;
        });
        MemorySegment.copy(values.getSegment(), ValueLayout.JAVA_FLOAT, 4L * from, out, 0, n);
        return out;
    }

    private interface Action {
        Object run() throws TornadoExecutionPlanException;
    }

    /** TornadoVM throws errors and exceptions of many kinds; here they are all one. */
    private static void guarded(String what, Action action) {
        try {
            action.run();
        } catch (TornadoExecutionPlanException | RuntimeException | LinkageError | AssertionError e) {
            throw new BackendException("the GPU failed at " + what + ": " + message(e), e);
        }
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        try {
            plan.freeDeviceMemory();
            plan.close();
        } catch (TornadoExecutionPlanException | RuntimeException e) {
            throw new BackendException("the GPU could not be given back: " + message(e), e);
        } finally {
            host.close();
        }
    }
}
