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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import radedit.exec.BackendException;
import radedit.exec.BackendOptions.Progress;
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
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/**
 * Arrays on the device, for values, for tables, for latents, and some for the matrices of products, and the kernels that
 * work on them.
 *
 * <p>
 * TornadoVM compiles a task once for its scalar arguments and array sizes, and a graph of tasks is limited to a few
 * dozen. So there is one graph with one task for each kind of kernel, all in one plan over the same arrays; what
 * differs from call to call is a short array of numbers, sent with each call, and the grid. A kernel of products has a
 * graph for each array of matrices.
 *
 * <p>
 * The host's side of the arrays is mapped from an empty file with a hole in it, and the arrays are never sent as a whole:
 * they cost the host nothing but the pages that results are read through.
 */
final class Device implements AutoCloseable {
    /** So many numbers at the beginning of the values are zeros, which is what padding is read from. */
    static final int ZEROS = 16;

    /** Calls of five steps of a UNet. */
    private static final int WARMUP = 3000;

    /** A graph of one task, and the grid of its next call. */
    record Loaded(int graph, WorkerGrid2D grid) {}

    private final FloatArray values;
    private final FloatArray tables;
    private final FloatArray latents;
    private final List<FloatArray> floats = new ArrayList<>();
    private final List<ShortArray> halves = new ArrayList<>();
    private final Object[] arrays;
    private final IntArray parameters = new IntArray(Launch.PARAMETERS);
    private final Arena host = Arena.ofShared();
    private final KernelContext context = new KernelContext();
    private final List<ImmutableTaskGraph> all = new ArrayList<>();
    private final Uploads uploads;
    private final Map<Kind, List<Loaded>> kinds = new EnumMap<>(Kind.class);
    private final TornadoExecutionPlan plan;
    private final GridScheduler grids = new GridScheduler();
    private String source;
    /** Through it results are read. */
    private TornadoExecutionResult last;

    /**
     * @param room
     *            numbers that latents take
     * @param flags
     *            of the driver's compiler
     * @throws BackendException
     *             if the device refuses
     */
    Device(TornadoDevice device, Arenas arenas, long room, Choices choices, String flags, Progress progress) {
        values = FloatArray.fromSegmentShallow(hole(4 * arenas.values()));
        tables = FloatArray.fromSegmentShallow(hole(4 * arenas.tables()));
        latents = FloatArray.fromSegmentShallow(hole(4 * (ZEROS + room)));
        for (long n : arenas.floats()) {
            floats.add(FloatArray.fromSegmentShallow(hole(4 * n)));
        }
        for (long n : arenas.halves()) {
            halves.add(ShortArray.fromSegmentShallow(hole(2 * n)));
        }
        List<Object> each = new ArrayList<>(List.of(values, tables, latents));
        each.addAll(floats);
        each.addAll(halves);
        arrays = each.toArray();
        Loaded first = load(touching());
        uploads = new Uploads(this, context, values, tables, latents, floats, halves);
        for (Kind k : Kind.values()) {
            kinds.put(k, k.product == null
                    ? List.of(load(graph().task("t", k.kernel, context, values, k == Kind.LATENTS ? latents : tables,
                            parameters)))
                    : products(k));
        }
        plan = new TornadoExecutionPlan(all.toArray(ImmutableTaskGraph[]::new));
        guarded("start", () -> {
            plan.withDevice(device);
            plan.withCompilerFlags(TornadoVMBackendType.OPENCL, flags);
            plan.withGridScheduler(grids);
            plan.withPrintKernel();
            // The first call makes the arrays on the device; all others find them there.
            int[] p = new int[Launch.PARAMETERS];
            p[StoreKernels.LENGTH] = ZEROS;
            execute(first, 256, 1, 1, 1, p);
            int before = Runtimes.generated().length;
            compile(choices, progress);
            byte[] text = Runtimes.generated();
            source = Kernels.hash(Arrays.copyOfRange(text, before, text.length));
            return null;
        });
    }

    /** For each array of matrices and each format it can have; the array of the other type is there and not looked at. */
    private List<Loaded> products(Kind k) {
        List<Loaded> each = new ArrayList<>();
        for (FloatArray f : floats) {
            each.add(product(k, f, halves.getFirst(), Format.FLOAT32));
        }
        for (ShortArray h : halves) {
            each.add(product(k, floats.getFirst(), h, Format.FLOAT16));
            each.add(product(k, floats.getFirst(), h, Format.BFLOAT16));
        }
        return each;
    }

    private Loaded product(Kind k, FloatArray f, ShortArray h, Format format) {
        return load(graph().task("t", k.product, context, values, tables, f, h, parameters, k.columns(),
                format.fractionBits));
    }

    /** The graph for a call. */
    private Loaded graph(Launch l) {
        List<Loaded> each = kinds.get(l.kind);
        if (l.matrix == null) {
            return each.getFirst();
        }
        int arena = l.matrix.arena();
        return each.get(switch (l.matrix.format()) {
            case FLOAT32 -> arena;
            case FLOAT16 -> floats.size() + 2 * (arena - floats.size());
            case BFLOAT16 -> floats.size() + 2 * (arena - floats.size()) + 1;
        });
    }

    /** The name that the next graph gets. */
    private String name() {
        return "g" + all.size();
    }

    /** The beginning of a graph; all arrays are on the device. */
    TaskGraph graph() {
        return new TaskGraph(name()).consumeFromDevice(arrays).transferToDevice(DataTransferMode.EVERY_EXECUTION,
                parameters);
    }

    /** An array comes to be on the device when a task takes it. */
    private TaskGraph touching() {
        TaskGraph g = new TaskGraph(name()).transferToDevice(DataTransferMode.UNDER_DEMAND, arrays)
                .transferToDevice(DataTransferMode.EVERY_EXECUTION, parameters);
        int task = 0;
        for (Object a : arrays) {
            String t = task == 0 ? "t" : "t" + task;
            WorkerGrid2D one = new WorkerGrid2D(256, 1);
            one.setLocalWork(256, 1, 1);
            grids.addWorkerGrid(name() + "." + t, one);
            g = a instanceof FloatArray f
                    ? g.task(t, StoreKernels::clearFloats, context, f, parameters)
                    : g.task(t, StoreKernels::clearHalves, context, (ShortArray) a, parameters);
            task++;
        }
        return g;
    }

    /** Adds a graph; only while the device is made. */
    Loaded load(TaskGraph g) {
        WorkerGrid2D grid = new WorkerGrid2D(1, 1);
        Loaded l = new Loaded(all.size(), grid);
        grids.addWorkerGrid(name() + ".t", grid);
        all.add(g.transferToHost(DataTransferMode.UNDER_DEMAND, values, latents).persistOnDevice(arrays).snapshot());
        return l;
    }

    /** Compiles what can be needed: no kernels that the choices rule out, none for 16 bits where there are no such matrices. */
    private void compile(Choices choices, Progress progress) {
        List<Integer> needed = new ArrayList<>(IntStream.range(0, all.size()).boxed().toList());
        boolean noHalves = halves.getFirst().getSize() == ZEROS;
        kinds.forEach((k, graphs) -> {
            for (int i = 0; i < graphs.size(); i++) {
                if (!choices.uses(k) || noHalves && i >= floats.size()) {
                    needed.remove((Integer) graphs.get(i).graph);
                }
            }
        });
        for (int i = 0; i < needed.size(); i++) {
            progress.step("compiling", i, needed.size());
            plan.withGraph(needed.get(i)).withPreCompilation();
        }
        progress.step("compiling", needed.size(), needed.size());
    }

    private MemorySegment hole(long bytes) {
        try {
            Path file = Files.createTempFile("radedit", ".device");
            try (FileChannel c = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
                    StandardOpenOption.DELETE_ON_CLOSE)) {
                return c.map(FileChannel.MapMode.READ_WRITE, 0, TornadoNativeArray.ARRAY_HEADER + bytes, host);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many arrays of matrices there are. */
    int arenas() {
        return floats.size() + halves.size();
    }

    /** Whether an array of matrices is of floats. */
    boolean isFloat(int arena) {
        return arena < floats.size();
    }

    /** Numbers an array of matrices can hold. */
    long length(int arena) {
        return isFloat(arena) ? floats.get(arena).getSize() : halves.get(arena - floats.size()).getSize();
    }

    /** The first digits of the SHA-256 of the source that was generated for this device. */
    String source() {
        return source;
    }

    /** Runs a kernel and waits for it. */
    void run(Launch l) {
        guarded(l.kind.name(),
                () -> execute(graph(l), l.kind.itemsX, l.kind.itemsY, l.groupsX, l.groupsY, l.parameters));
    }

    /** Runs another kernel, with groups in one direction. */
    void run(String what, Loaded kernel, int items, int groups, int[] numbers) {
        guarded(what, () -> execute(kernel, items, 1, groups, 1, numbers));
    }

    /** What starting a kernel costs that has nothing to do, after a few steps of a network. */
    double secondsACall() {
        Launch nothing = Launch.over(Kind.COMBINE, 1);
        double[] each = new double[1000];
        for (int i = -WARMUP; i < each.length; i++) {
            long start = System.nanoTime();
            run(nothing);
            if (i >= 0) {
                each[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        return Arrays.stream(each).average().orElseThrow();
    }

    private TornadoExecutionResult execute(Loaded k, int itemsX, int itemsY, int groupsX, int groupsY, int[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            parameters.set(i, numbers[i]);
        }
        k.grid.setGlobalWork((long) groupsX * itemsX, (long) groupsY * itemsY, 1);
        k.grid.setLocalWork(itemsX, itemsY, 1);
        last = plan.withGraph(k.graph).execute();
        return last;
    }

    /** By which numbers come to the arrays. */
    Uploads uploads() {
        return uploads;
    }

    /** What is sent with each call. */
    IntArray parameters() {
        return parameters;
    }

    /** Reads values of a run. */
    float[] read(int from, int n) {
        return read(values, from, n);
    }

    /** Reads latents. */
    float[] readLatents(int from, int n) {
        return read(latents, from, n);
    }

    private float[] read(FloatArray array, int from, int n) {
        float[] out = new float[n];
        guarded("read", () -> {
            last.transferToHost(new DataRange(array).withOffset(from).withSize(n));
            return null;
        });
        MemorySegment.copy(array.getSegment(), ValueLayout.JAVA_FLOAT, 4L * from, out, 0, n);
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
