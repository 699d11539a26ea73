package radedit.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.exec.Program;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.trace.Trace;
import radedit.trace.TraceValue;
import radedit.weights.WeightStore;

/** Computes one node of a recorded run again, from the inputs that it had there. */
public final class NodeReplay {
    /**
     * What came of it.
     *
     * @param value
     *            the recorded value
     * @param recorded
     *            its elements in the trace
     * @param again
     *            its elements now
     * @param exact
     *            its elements in double precision, from the same inputs
     */
    public record Result(TraceValue value, Tensor recorded, Tensor again, Tensor exact) {}

    private final Trace trace;
    private final Backend tested;
    private final Backend exact;
    private final TraceValue wanted;
    /** Recorded values of the call by name. */
    private final Map<String, TraceValue> call = new HashMap<>();
    private @Nullable Result result;

    private NodeReplay(Trace trace, TraceValue wanted, Backend tested, Backend exact) {
        this.trace = trace;
        this.wanted = wanted;
        this.tested = tested;
        this.exact = exact;
        for (TraceValue v : trace.values()) {
            if (v.network().equals(wanted.network()) && v.call() == wanted.call()) {
                call.put(v.name(), v);
            }
        }
    }

    /**
     * Computes a node again.
     *
     * @param trace
     *            a trace with the elements of the node's value and of its inputs
     * @param wanted
     *            the node's value in the trace
     * @param model
     *            the model that was run
     * @param tested
     *            the backend to compute it on
     * @param exact
     *            a backend in double precision
     * @return the values
     * @throws IllegalArgumentException
     *             if the trace lacks what is needed
     * @throws IOException
     *             if the trace cannot be read
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     */
    public static Result of(Trace trace, TraceValue wanted, ModelFolder model, Backend tested, Backend exact)
            throws IOException {
        AuditedNetwork network = AuditedNetwork.of(wanted.network());
        NodeReplay r = new NodeReplay(trace, wanted, tested, exact);
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (TraceValue v : r.call.values()) {
            if (v.isInput()) {
                given.put(v.name(), v.tensor() == null ? zeros(v) : r.recorded(v));
            }
        }
        try {
            network.run(model, given, r::compute);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (r.result == null) {
            throw new IllegalArgumentException(
                    "the model's " + wanted.network() + " has no node '" + wanted.name() + "'");
        }
        return r.result;
    }

    /** An input of which only the shape matters. */
    private static Tensor zeros(TraceValue v) {
        return Tensor.zeros(Shape.of(v.shape().stream().mapToInt(i -> i).toArray()));
    }

    private Tensor recorded(TraceValue v) {
        try {
            Tensor t = trace.tensor(v);
            if (t == null) {
                throw new IllegalArgumentException("the trace holds no elements of '" + v.name()
                        + "'; record it with level full, as safetensors");
            }
            return t;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Computes the node if it is of this graph; the graph's own outputs, which nobody needs, are zeros. */
    private Map<String, Tensor> compute(Graph graph, WeightStore store, Map<String, Tensor> given) {
        // A trace of every module has those too that the outputs do not need.
        List<Node> nodes = wanted.covers().isEmpty()
                ? graph.nodes()
                : Fusion.apply(graph.prune(n -> false), name -> false).nodes();
        // A part may run several graphs; the call's has the inputs that were recorded.
        Set<String> names = graph.inputs().stream().map(Node::name).collect(Collectors.toSet());
        if (result == null && names.equals(given.keySet())) {
            nodes.stream().filter(n -> n.resultName().equals(wanted.name())).findFirst()
                    .ifPresent(n -> result = compute(graph, store, n));
        }
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        graph.outputNodes().forEach((name, n) -> zeros.put(name, Tensor.zeros(HostLayout.hostShape(n))));
        return zeros;
    }

    private Result compute(Graph whole, WeightStore store, Node n) {
        if (n.op() instanceof Op.Input) {
            throw new IllegalArgumentException("'" + wanted.name() + "' is an input of the network");
        }
        Map<String, Tensor> inputs = new HashMap<>();
        n.inputs().forEach(v -> inputs.put(Graph.inputName(v), value(whole, store, v)));
        Graph part = whole.between(n.inputs(), Map.of("out", n.output()));
        return new Result(wanted, recorded(wanted), run(tested, part, store, inputs), run(exact, part, store, inputs));
    }

    private static Tensor run(Backend backend, Graph part, WeightStore store, Map<String, Tensor> inputs) {
        return backend.compile(part, store, Probe.NONE).run(inputs, "out", Program.Run.DEFAULT);
    }

    /** A value as an input of a part: as recorded, or, of a view, made from the recorded value of its source. */
    private Tensor value(Graph whole, WeightStore store, Value v) {
        Node producer = Objects.requireNonNull(whole.producers().get(v.id()));
        TraceValue known = call.get(producer.resultName());
        if (known != null && known.tensor() != null) {
            return LocalAudit.asInput(producer, recorded(known));
        }
        if (!producer.isView()) {
            throw new IllegalArgumentException("the trace does not hold '" + producer.resultName()
                    + "', an input of '" + wanted.name() + "'; record it too");
        }
        Value source = producer.inputs().getFirst();
        Tensor made = run(exact, whole.between(List.of(source), Map.of("out", v)), store,
                Map.of(Graph.inputName(source), value(whole, store, source)));
        return LocalAudit.asInput(producer, made);
    }
}
