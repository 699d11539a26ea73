package radedit.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.graph.Node;
import radedit.graph.NodeValue;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Records a run in a file (docs/audit.md has the format). Runs of networks are numbered calls; each node is described where
 * it first appears and referred to by its number from then on.
 */
public final class TraceRecorder implements Recorder {
    private record Key(String network, String name, Shape shape, boolean isDouble) {}

    private final TraceSelection selection;
    private final TraceFile file;
    private final Map<Key, Integer> numbers = new HashMap<>();
    /** Calls of each network, and values of each host name, so far. */
    private final Map<String, Integer> counts = new HashMap<>();
    /** Indices of the sampler's steps by timestep, ascending. */
    private final Map<Double, List<Integer>> stepsOfTimestep = new HashMap<>();
    /** The step whose values on the host were recorded last; -1 before the first. */
    private int lastStep = -1;
    /** Number of the node that made each value of the current call. */
    private final Map<Integer, Integer> producers = new HashMap<>();
    private int calls;
    private int callOfNetwork;
    private boolean records;

    /**
     * Creates a recorder.
     *
     * @param file
     *            the file; closed by its owner
     * @param selection
     *            what to record
     */
    public TraceRecorder(TraceFile file, TraceSelection selection) {
        this.file = file;
        this.selection = selection;
        Map<String, Object> first = new LinkedHashMap<>();
        first.put(TraceFile.METADATA, TraceFile.VERSION);
        first.put("level", selection.level().label());
        first.put("modules", selection.everyModule() ? "all" : "fused");
        write(first);
    }

    private void write(Map<String, Object> line) {
        try {
            file.line(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Backend watch(Backend backend) {
        head(Environment.facts(backend));
        return new TracedBackend(backend, this);
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void head(Map<String, Object> facts) {
        write(Map.of("head", facts));
    }

    @Override
    public void sampler(double[] timesteps) {
        stepsOfTimestep.clear();
        lastStep = -1;
        for (int i = 0; i < timesteps.length; i++) {
            stepsOfTimestep.computeIfAbsent(timesteps[i], t -> new ArrayList<>()).add(i);
        }
    }

    /** {@return the step of a timestep: of several, the first after the last step, which a step that repeats a timestep is} */
    private int step(double timestep) {
        List<Integer> steps = stepsOfTimestep.getOrDefault(timestep, List.of(-1));
        return steps.stream().filter(i -> i > lastStep).findFirst().orElse(steps.getFirst());
    }

    /** Begins a call of a network. */
    void call(String network, @Nullable Tensor timesteps) {
        double[] at = timesteps == null ? new double[0] : timesteps.data();
        int[] steps = Arrays.stream(at).mapToInt(this::step).distinct().toArray();
        records = steps.length == 0 || Arrays.stream(steps).anyMatch(selection::hasStep);
        callOfNetwork = counts.merge(network, 1, Integer::sum) - 1;
        producers.clear();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("call", calls++);
        line.put("network", network);
        if (callOfNetwork > 0) {
            line.put("index", callOfNetwork);
        }
        if (at.length > 0) {
            boolean whole = Arrays.stream(at).allMatch(t -> t == Math.rint(t));
            line.put("timesteps", whole ? Arrays.stream(at).mapToInt(t -> (int) t).toArray() : at);
            if (steps[0] >= 0) {
                line.put("steps", steps);
            }
        }
        if (records) {
            write(line);
        }
    }

    /** {@return a probe that records a network's nodes} */
    Probe nodes(String network) {
        return new Probe() {
            @Override
            public boolean wants(String name) {
                return selection.everyModule() && selection.hasName(name);
            }

            @Override
            public void accept(String name, Tensor value) {
                // observed below
            }

            @Override
            public boolean observes(String name) {
                return true;
            }

            @Override
            public void observe(Node node, NodeValue value) {
                if (records) {
                    record(network, node, value);
                }
            }
        };
    }

    private void record(String network, Node n, NodeValue value) {
        if (n.isView() && !selection.everyModule()) {
            Integer source = producers.get(n.inputs().getFirst().id());
            if (source != null) {
                producers.put(n.output().id(), source);
            }
            return;
        }
        String name = n.resultName();
        // Of inputs, at least the hash is recorded: they have the shapes by which a network is built again.
        boolean wanted = selection.hasName(name);
        if (!wanted && !(n.op() instanceof Op.Input)) {
            return;
        }
        Key key = new Key(network, name, n.shape(), value.isDouble());
        Integer known = numbers.get(key);
        int number = known == null ? numbers.size() : known;
        producers.put(n.output().id(), number);
        if (known == null) {
            numbers.put(key, number);
            describe(network, n, value, number);
        }
        TraceLevel level = wanted ? selection.level() : TraceLevel.HASH;
        if (level == TraceLevel.HASH) {
            hash(number, ValueSummary.of(value, false).hash());
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("n", number);
        put(line, level, statistics -> ValueSummary.of(value, statistics), value::toTensor,
                t -> tensor(network, name, callOfNetwork, t, value.isDouble()));
        write(line);
    }

    /** Puts what a level has of a value. */
    private static void put(Map<String, Object> line, TraceLevel level, Function<Boolean, ValueSummary> summary,
            Supplier<Tensor> elements, Function<Tensor, TraceFile.Stored> store) {
        summarise(line, summary.apply(level == TraceLevel.STATS || level == TraceLevel.SLICE));
        if (level == TraceLevel.FULL) {
            TraceFile.Stored stored = store.apply(elements.get());
            line.put("tensor", stored.name());
            line.put("crc", stored.sum());
        }
        if (level == TraceLevel.SLICE) {
            line.put("slice", slice(elements.get().data()));
        }
    }

    /** Writes the line of a node's hash. */
    private void hash(int number, String hash) {
        try {
            file.hash(number, hash);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void describe(String network, Node n, NodeValue value, int number) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("node", number);
        line.put("network", network);
        line.put("name", n.resultName());
        line.put("op", n.op() instanceof Op.Input ? TraceValue.INPUT : n.op().getClass().getSimpleName());
        if (!n.covers().isEmpty()) {
            List<String> covers = new ArrayList<>(List.of(n.name()));
            covers.addAll(n.covers());
            line.put("covers", covers);
        }
        List<Integer> inputs = n.inputs().stream().map(v -> producers.get(v.id())).filter(Objects::nonNull).toList();
        if (!inputs.isEmpty()) {
            line.put("inputs", inputs);
        }
        line.put("shape", HostLayout.hostShape(n).toArray());
        line.put("dtype", value.isDouble() ? "F64" : "F32");
        write(line);
    }

    private TraceFile.Stored tensor(String network, String name, int count, Tensor value, boolean isDouble) {
        try {
            return file.tensor(network, name, count, value, isDouble ? DType.F64 : DType.F32);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void summarise(Map<String, Object> line, ValueSummary s) {
        line.put("h", s.hash());
        ValueSummary.Statistics all = s.statistics();
        if (all != null) {
            line.put("min", all.min());
            line.put("max", all.max());
            line.put("mean", (float) all.mean());
            line.put("rms", (float) all.rms());
            if (all.nan() > 0) {
                line.put("nan", all.nan());
            }
            if (all.infinite() > 0) {
                line.put("inf", all.infinite());
            }
            if (all.subnormal() > 0) {
                line.put("subnormal", all.subnormal());
            }
            line.put("histogram", all.histogram());
        }
    }

    /** Elements at even distances, in PyTorch's order. */
    static double[] slice(double[] data) {
        int n = Math.min(data.length, ValueSummary.SAMPLES);
        double[] out = new double[n];
        for (int i = 0; i < n; i++) {
            out[i] = data[(int) ((long) i * data.length / n)];
        }
        return out;
    }

    @Override
    public void host(String name, int step, Map<String, Object> details, Supplier<Tensor> value) {
        // Counted though it may not be recorded, so that traces of different steps are aligned.
        int index = counts.merge("host." + name, 1, Integer::sum) - 1;
        lastStep = step;
        if (!selection.hasStep(step) || !selection.hasName(name)) {
            return;
        }
        Tensor t = value.get();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("host", name);
        if (index > 0) {
            line.put("index", index);
        }
        if (step >= 0) {
            line.put("step", step);
        }
        line.putAll(details);
        line.put("shape", t.shape().toArray());
        put(line, selection.level(), statistics -> ValueSummary.of(t, statistics), () -> t,
                v -> tensor(TraceValue.HOST, "host." + name, index, v, true));
        write(line);
    }
}
