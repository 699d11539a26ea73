package radedit.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.checkpoint.ModelFolder;
import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.exec.Program;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Probe;
import radedit.graph.Value;
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
    private final RecordedCall call;
    private @Nullable Result result;

    private NodeReplay(Trace trace, TraceValue wanted, Backend tested, Backend exact) {
        this.trace = trace;
        this.wanted = wanted;
        this.tested = tested;
        this.exact = exact;
        this.call = new RecordedCall(trace, wanted);
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
     *             if the trace lacks what is needed, or the model's node has another shape
     * @throws IOException
     *             if the trace cannot be read
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     */
    public static Result of(Trace trace, TraceValue wanted, ModelFolder model, Backend tested, Backend exact)
            throws IOException {
        if (wanted.isInput()) {
            throw new IllegalArgumentException("'" + wanted.name() + "' is an input of the network "
                    + wanted.network() + elsewhere(trace, wanted));
        }
        NodeReplay r = new NodeReplay(trace, wanted, tested, exact);
        try {
            r.call.network().run(model, r.call.inputs(r::recorded), r::compute);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (r.result == null) {
            throw new IllegalArgumentException(
                    "the model's " + wanted.network() + " has no node '" + wanted.name() + "'");
        }
        return r.result;
    }

    /** Where a value was computed that is an input here. */
    private static String elsewhere(Trace trace, TraceValue input) {
        return trace.values().stream().filter(v -> v.name().equals(input.name()) && !v.isInput() && !v.isHost())
                .map(v -> "; it was computed once, in "
                        + (v.network().equals(input.network())
                                ? "call " + v.call() + " of it"
                                : "the network " + v.network()))
                .reduce((earlier, later) -> later).orElse("");
    }

    private Tensor recorded(TraceValue v) {
        try {
            Tensor t = trace.tensor(v);
            if (t == null) {
                throw new IllegalArgumentException(trace.isLost(v)
                        ? "the elements of '" + v.name() + "' are lost, as the trace is damaged"
                        : "the trace holds no elements of '" + v.name()
                                + "'; record it with level full, as safetensors");
            }
            return t;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Computes the node if it is of this graph; the graph's own outputs, which nobody needs, are zeros. */
    private Map<String, Tensor> compute(Graph graph, WeightStore store, Map<String, Tensor> given) {
        // A part may run several graphs; the call's has the inputs that were recorded.
        for (Graph g : result == null ? call.graphs(graph) : List.<Graph>of()) {
            List<Node> found = found(g);
            if (!found.isEmpty()) {
                result = compute(g, store,
                        found.stream().filter(n -> isGiven(g, n)).findFirst().orElse(found.getFirst()));
                break;
            }
        }
        Map<String, Tensor> zeros = new LinkedHashMap<>();
        graph.outputNodes().forEach((name, n) -> zeros.put(name, Tensor.zeros(HostLayout.hostShape(n))));
        return zeros;
    }

    /** The node as it may have been computed: alone, or with what is fused into it, which a trace of every module is not. */
    private List<Node> found(Graph g) {
        List<Node> fused = Fusion.apply(g.prune(n -> false), name -> false).nodes();
        // A trace of every module has those too that the outputs do not need.
        return (wanted.covers().isEmpty() ? Stream.of(g.nodes(), fused) : Stream.of(fused)).flatMap(List::stream)
                .filter(n -> n.resultName().equals(wanted.name())).filter(n -> covers(n).equals(wanted.covers()))
                .toList();
    }

    private static List<String> covers(Node n) {
        List<String> all = new ArrayList<>(n.covers());
        if (!all.isEmpty()) {
            all.addFirst(n.name());
        }
        return all;
    }

    /** Whether the trace has all inputs of a node. */
    private boolean isGiven(Graph whole, Node n) {
        Map<Integer, Node> producers = whole.producers();
        return n.inputs().stream().allMatch(v -> {
            Node producer = Objects.requireNonNull(producers.get(v.id()));
            TraceValue known = call.value(producer.resultName());
            return known != null && known.tensor() != null && !trace.isLost(known)
                    || producer.isView() && isGiven(whole, producer);
        });
    }

    private Result compute(Graph whole, WeightStore store, Node n) {
        Map<String, Tensor> inputs = new HashMap<>();
        n.inputs().forEach(v -> inputs.put(Graph.inputName(v), value(whole, store, v)));
        Graph part = whole.between(n.inputs(), Map.of("out", n.output()));
        Tensor recorded = recorded(wanted);
        Tensor again = run(tested, part, store, inputs);
        if (!recorded.shape().equals(again.shape())) {
            throw new IllegalArgumentException("'" + wanted.name() + "' has the shape " + recorded.shape()
                    + " in the trace and " + again.shape() + " in this model, which is not the one that was run");
        }
        return new Result(wanted, recorded, again, run(exact, part, store, inputs));
    }

    /**
     * {@return whether the trace names other weights than the model's for a value's network; false if it names none}
     *
     * @param trace
     *            the trace
     * @param value
     *            a value in it
     * @param model
     *            the model
     * @throws radedit.weights.WeightsException
     *             if weights are missing or invalid
     */
    public static boolean hasOtherWeights(Trace trace, TraceValue value, ModelFolder model) {
        List<JsonNode> named = trace.heads().stream()
                .flatMap(h -> Stream.of(h.path("weights_sha256"), h.at("/result/model/sha256"))).toList();
        return new RecordedCall(trace, value).network().weightsSha256(model).entrySet().stream()
                .anyMatch(part -> named.stream().map(n -> n.path(part.getKey()))
                        .anyMatch(n -> !n.isMissingNode() && !hashes(n).equals(part.getValue())));
    }

    /** Hashes as {@link radedit.weights.WeightHashes#named} gives them: one, or a list. */
    private static List<String> hashes(JsonNode named) {
        return named.isArray() ? named.valueStream().map(JsonNode::asText).toList() : List.of(named.asText());
    }

    private static Tensor run(Backend backend, Graph part, WeightStore store, Map<String, Tensor> inputs) {
        return backend.compile(part, store, Probe.NONE).run(inputs, "out", Program.Run.DEFAULT);
    }

    /** A value as an input of a part: as recorded, or, of a view, made from the recorded value of its source. */
    private Tensor value(Graph whole, WeightStore store, Value v) {
        Node producer = Objects.requireNonNull(whole.producers().get(v.id()));
        TraceValue known = call.value(producer.resultName());
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
