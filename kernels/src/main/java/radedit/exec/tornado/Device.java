package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

/**
 * Arrays on the device and the kernels that work on them.
 *
 * <p>
 * TornadoVM compiles a task for its scalar arguments, and a graph of tasks is limited to a few dozen. So there is one graph
 * with one task for each kernel and the arrays it takes, all in one plan; what differs from call to call is a short array of
 * slots, sent with each call, and the grid.
 */
final class Device implements AutoCloseable {
    /** So many numbers at the beginning of the values are zeros, which is what padding is read from. */
    static final int ZEROS = 16;

    /** Calls of five steps of a UNet. */
    private static final int WARMUP = 3000;

    /** Devices that have been made by this process; for tests. */
    private static int made;

    private final DeviceArrays arrays;
    private final Object[] all;
    private final IntArray slots = new IntArray(Slots.COUNT);
    private final KernelContext context = new KernelContext();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final GridScheduler grids = new GridScheduler();
    private final KernelGraphs kernels;
    private final Uploads uploads;
    private final TornadoExecutionPlan plan;
    /** Graphs that have been compiled. */
    private final Set<Integer> compiled = new HashSet<>();
    /** Normal form of the generated source of each kernel. */
    private final Map<String, String> sources = new HashMap<>();
    /** Through it results are read. */
    private TornadoExecutionResult last;

    /**
     * @throws BackendException
     *             if the device refuses
     */
    Device(TornadoDevice device, ArenaSizes lengths, CompilerFlags arithmetic) {
        arrays = new DeviceArrays(lengths);
        all = arrays.all();
        List<KernelGraph> makers = makers();
        uploads = new Uploads(this, context, arrays);
        kernels = new KernelGraphs(this, context, arrays);
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        try {
            guarded("start", () -> {
                plan.withDevice(device);
                if (arithmetic.flags() != null) {
                    plan.withCompilerFlags(TornadoVMBackendType.OPENCL, arithmetic.flags());
                }
                plan.withGridScheduler(grids);
                plan.withPrintKernel();
                execute(makers.getFirst(), new StoreKernels.Make(ZEROS));
                makers.stream().skip(1).forEach(m -> execute(m, new StoreKernels.Clear(0, ZEROS)));
                return null;
            });
        } catch (BackendException e) {
            giveBack(e);
            throw e;
        }
        made++;
    }

    static int made() {
        return made;
    }

    /**
     * Graphs that make the arrays on the device: an array comes to be there when a task takes it. The first one makes those that
     * there always are.
     */
    private List<KernelGraph> makers() {
        List<KernelGraph> makers = new ArrayList<>();
        Object[] always = {arrays.values, arrays.tables, arrays.latents, arrays.floats.getFirst(), arrays.halves.getFirst()};
        makers.add(add("MAKE", fresh("MAKE").transferToDevice(DataTransferMode.UNDER_DEMAND, always)
                .task("t", StoreKernels::make, context, arrays.values, arrays.tables, arrays.latents,
                        arrays.floats.getFirst(), arrays.halves.getFirst(), slots)
                .persistOnDevice(always)));
        List<Object> made = new ArrayList<>(List.of(always));
        for (Object a : all) {
            if (!made.contains(a)) {
                Object[] before = made.toArray();
                made.add(a);
                String name = a instanceof FloatArray ? Uploads.CLEAR_FLOATS : Uploads.CLEAR_HALVES;
                TaskGraph g = fresh(name).consumeFromDevice(before).transferToDevice(DataTransferMode.UNDER_DEMAND, a);
                g = a instanceof FloatArray f
                        ? g.task("t", StoreKernels::clearFloats, context, f, slots)
                        : g.task("t", StoreKernels::clearHalves, context, (ShortArray) a, slots);
                makers.add(add(name, g.persistOnDevice(made.toArray())));
            }
        }
        return makers;
    }

    private TaskGraph fresh(String kernel) {
        return new TaskGraph(kernel + "_" + graphs.size()).transferToDevice(DataTransferMode.EVERY_EXECUTION, slots);
    }

    /**
     * The beginning of a graph for a kernel; all arrays are on the device.
     *
     * @param kernel
     *            what it is called
     */
    TaskGraph graph(String kernel) {
        return fresh(kernel).consumeFromDevice(all);
    }

    /** Adds a graph whose task is called t; only while the device is made. */
    KernelGraph load(String kernel, TaskGraph g) {
        return add(kernel,
                g.transferToHost(DataTransferMode.UNDER_DEMAND, arrays.values, arrays.latents).persistOnDevice(all));
    }

    private KernelGraph add(String kernel, TaskGraph g) {
        WorkerGrid2D grid = new WorkerGrid2D(1, 1);
        grids.addWorkerGrid(g.getTaskGraphName() + ".t", grid);
        graphs.add(g.snapshot());
        return new KernelGraph(graphs.size() - 1, kernel, grid);
    }

    /** Compiles what these backends can need and is not compiled yet. */
    void compile(List<TilePolicy> policies, Set<WeightFormat> formats, Progress progress) {
        List<KernelGraph> needed = needed(policies, formats).stream().filter(l -> !compiled.contains(l.number())).toList();
        for (int i = 0; i < needed.size(); i++) {
            progress.step("compiling", i, needed.size());
            compile(needed.get(i));
        }
        progress.step("compiling", needed.size(), needed.size());
    }

    private void compile(KernelGraph l) {
        guarded("compiling", () -> {
            long before = GeneratedSource.length();
            plan.withGraph(l.number()).withPreCompilation();
            note(l, before);
            return null;
        });
    }

    /** Keeps what was generated for a kernel. */
    private void note(KernelGraph l, long before) {
        compiled.add(l.number());
        sources.putIfAbsent(l.source(), KernelSource.normalForm(GeneratedSource.after(before)));
    }

    /** The graphs that backends can need. */
    private List<KernelGraph> needed(List<TilePolicy> policies, Set<WeightFormat> formats) {
        List<KernelGraph> all = new ArrayList<>(uploads.graphs());
        all.addAll(kernels.needed(policies, formats));
        return all;
    }

    /**
     * The hash of the source that was generated for all that these backends can need; the same whatever was compiled before or
     * next to it.
     */
    String source(List<TilePolicy> policies, Set<WeightFormat> formats) {
        compile(policies, formats, (phase, done, total) -> {});
        return KernelSource.hash(needed(policies, formats).stream().map(l -> sources.get(l.source())).toList());
    }

    DeviceArrays arrays() {
        return arrays;
    }

    /** Runs a kernel and waits for it. */
    void run(Launch l) {
        run(l.kernel().name(), kernels.of(l), l);
    }

    /**
     * Runs a kernel and waits for it.
     *
     * @param what
     *            names the kernel in errors
     */
    void run(String what, KernelGraph graph, KernelArguments arguments) {
        guarded(what, () -> execute(graph, arguments));
    }

    /** What starting a kernel costs that has nothing to do, after a few steps of a network. */
    double secondsACall() {
        Offset.Values first = new Offset.Values(ZEROS);
        Launch nothing = new CopyRows(first, 1, CopyRows.Rows.ALL, first, 1, 1, 1);
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

    private TornadoExecutionResult execute(KernelGraph k, KernelArguments arguments) {
        Slots.of(arguments).copyTo(slots);
        Grid g = arguments.grid();
        k.grid().setGlobalWork((long) g.groupsX() * g.itemsX(), (long) g.groupsY() * g.itemsY(), 1);
        k.grid().setLocalWork(g.itemsX(), g.itemsY(), 1);
        boolean first = !compiled.contains(k.number());
        long before = first ? GeneratedSource.length() : 0;
        last = plan.withGraph(k.number()).execute();
        if (first) {
            note(k, before);
        }
        return last;
    }

    /** By which numbers come to the arrays. */
    Uploads uploads() {
        return uploads;
    }

    /** What is sent with each call. */
    IntArray slots() {
        return slots;
    }

    /** Reads values of a run. */
    float[] read(Offset.Values from, int n) {
        return read(arrays.values, from.at(), n);
    }

    /** Reads latents. */
    float[] readLatents(Offset.Latents from, int n) {
        return read(arrays.latents, from.at(), n);
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
        } catch (BackendException e) {
            throw e;
        } catch (TornadoExecutionPlanException | RuntimeException | LinkageError | AssertionError e) {
            throw new BackendException("the GPU failed at " + what + ": " + message(e), e);
        }
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().lines().findFirst().orElse("");
    }

    /** Lets go of what a device gave before it refused the rest. */
    private void giveBack(BackendException refusal) {
        try {
            close();
        } catch (BackendException e) {
            refusal.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        try {
            plan.freeDeviceMemory();
            plan.close();
        } catch (TornadoExecutionPlanException | RuntimeException e) {
            throw new BackendException("the GPU could not be given back: " + message(e), e);
        } finally {
            arrays.close();
        }
    }
}
