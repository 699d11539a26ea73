package radedit.exec.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
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
 * A device driven through a TornadoVM execution plan.
 *
 * <p>
 * TornadoVM compiles scalar arguments into a task and limits a graph to a few dozen tasks. So each kernel and combination of
 * arrays has a graph of one task, all in one execution plan. Launches differ only in the grid and a short array of {@link
 * Slots}, transferred with each launch.
 */
final class PlanDevice implements Device {
    private final DeviceArrays arrays;
    private final Object[] all;
    private final IntArray slots = new IntArray(Slots.COUNT);
    private final KernelContext context = new KernelContext();
    private final List<ImmutableTaskGraph> graphs = new ArrayList<>();
    private final List<KernelGraph> loaded = new ArrayList<>();
    private final GridScheduler grids = new GridScheduler();
    private final KernelGraphs kernels;
    private final PlanUploads uploads;
    private final TornadoExecutionPlan plan;
    /** Indices of the compiled graphs. */
    private final Set<Integer> compiled = new HashSet<>();
    /** Normal form of the generated source, by kernel. */
    private final Map<String, String> sources = new HashMap<>();
    /** The last execution, through which results are downloaded. */
    private TornadoExecutionResult last;

    /**
     * @throws BackendException
     *             if the device has too little memory or fails
     */
    PlanDevice(TornadoDevice device, ArenaSizes lengths, CompilerFlags flags) {
        arrays = new DeviceArrays(lengths);
        all = arrays.all();
        List<KernelGraph> makers = makers();
        uploads = new PlanUploads(this, context, arrays);
        kernels = new KernelGraphs(this, context, arrays);
        plan = new TornadoExecutionPlan(graphs.toArray(ImmutableTaskGraph[]::new));
        try {
            guarded("start", () -> {
                plan.withDevice(device);
                if (flags.text() != null) {
                    plan.withCompilerFlags(TornadoVMBackendType.OPENCL, flags.text());
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
    }

    /**
     * Graphs that allocate the arrays on the device, because TornadoVM allocates an array for the first task that takes it. The
     * first graph allocates the arrays that always exist, each further graph one more.
     */
    private List<KernelGraph> makers() {
        List<KernelGraph> makers = new ArrayList<>();
        Object[] always = {arrays.values, arrays.tables, arrays.latents, arrays.floats.getFirst(),
                arrays.halves.getFirst()};
        makers.add(add("MAKE", fresh("MAKE").transferToDevice(DataTransferMode.UNDER_DEMAND, always)
                .task("t", StoreKernels::make, context, arrays.values, arrays.tables, arrays.latents,
                        arrays.floats.getFirst(), arrays.halves.getFirst(), slots)
                .persistOnDevice(always)));
        List<Object> made = new ArrayList<>(List.of(always));
        for (Object a : all) {
            if (!made.contains(a)) {
                Object[] before = made.toArray();
                made.add(a);
                String name = a instanceof FloatArray ? StoreKernels.CLEAR_FLOATS : StoreKernels.CLEAR_HALVES;
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
     * Creates a graph for a kernel, without its task; all arrays are on the device.
     *
     * @param kernel
     *            names the kernel
     */
    TaskGraph graph(String kernel) {
        return fresh(kernel).consumeFromDevice(all);
    }

    /** Adds a graph whose task is named t; call only while the device is constructed. */
    KernelGraph load(String kernel, TaskGraph g) {
        return add(kernel,
                g.transferToHost(DataTransferMode.UNDER_DEMAND, arrays.values, arrays.latents).persistOnDevice(all));
    }

    private KernelGraph add(String kernel, TaskGraph g) {
        WorkerGrid2D grid = new WorkerGrid2D(1, 1);
        grids.addWorkerGrid(g.getTaskGraphName() + ".t", grid);
        graphs.add(g.snapshot());
        KernelGraph graph = new KernelGraph(graphs.size() - 1, kernel, grid);
        loaded.add(graph);
        return graph;
    }

    /** Compiles the kernels that backends with these needs may use, unless they are compiled already. */
    @Override
    public void compile(KernelNeeds needs, Progress progress) {
        List<KernelGraph> needed = needed(needs).stream().filter(l -> !compiled.contains(l.number()))
                .toList();
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

    /** Stores the source generated for a kernel. */
    private void note(KernelGraph l, long before) {
        compiled.add(l.number());
        sources.putIfAbsent(l.source(), KernelSource.normalForm(GeneratedSource.after(before)));
    }

    /** Source generated for a kernel, in its normal form. */
    String source(String kernel) {
        if (!sources.containsKey(kernel)) {
            compile(loaded.stream().filter(l -> l.source().equals(kernel)).findFirst().orElseThrow());
        }
        return sources.get(kernel);
    }

    /** Graphs that backends with these needs may use. */
    private List<KernelGraph> needed(KernelNeeds needs) {
        List<KernelGraph> all = new ArrayList<>(uploads.graphs());
        all.addAll(kernels.needed(needs));
        return all;
    }

    /**
     * Hash of the source generated for all kernels that backends with these needs may use. It does not depend on what else
     * was compiled.
     */
    @Override
    public String source(KernelNeeds needs) {
        compile(needs, (phase, done, total) -> {});
        return KernelSource.hash(needed(needs).stream().map(l -> sources.get(l.source())).toList());
    }

    DeviceArrays arrays() {
        return arrays;
    }

    @Override
    public int matrices() {
        return arrays.matrices();
    }

    @Override
    public boolean isFloat(int arena) {
        return arrays.isFloat(arena);
    }

    @Override
    public long length(int arena) {
        return arrays.length(arena);
    }

    /** Does nothing: each launch is waited for. */
    @Override
    public void finish() {
        // no launch is pending
    }

    /** Runs a kernel and waits for it. */
    @Override
    public void run(Launch l) {
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

    /** Uploads to the arrays. */
    @Override
    public Uploads uploads() {
        return uploads;
    }

    /** The slots, transferred with each launch. */
    IntArray slots() {
        return slots;
    }

    /** Downloads values of a run. */
    @Override
    public float[] read(Offset.Values from, int n) {
        return read(arrays.values, from.at(), n);
    }

    /** Downloads latents. */
    @Override
    public float[] readLatents(Offset.Latents from, int n) {
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

    /** Runs an action and turns any error or exception of TornadoVM into a BackendException. */
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

    /** Frees the arrays that were allocated before the device refused the rest. */
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
            throw new BackendException("releasing the GPU failed: " + message(e), e);
        } finally {
            arrays.close();
        }
    }
}
