package radedit.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import radedit.graph.CachedValues;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.model.UNet;
import radedit.model.UNetSections;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.trace.Trace;
import radedit.trace.TraceValue;

/**
 * A run of a network in a trace, and the graph that it ran. That is the network's, or a section of it: a UNet that computes
 * once what does not change is recorded as {@code unet-text}, {@code unet-time} and, at each step, the rest.
 */
final class RecordedCall {
    /** Tokens of a text, and a side that any UNet can halve: for graphs in which they change nothing. */
    private static final int TOKENS = 128;
    private static final int SIDE = 64;

    private final Trace trace;
    private final String label;
    private final Map<String, TraceValue> values = new HashMap<>();

    RecordedCall(Trace trace, TraceValue of) {
        this.trace = trace;
        this.label = of.network();
        for (TraceValue v : trace.values()) {
            if (v.network().equals(label) && v.call() == of.call()) {
                values.put(v.name(), v);
            }
        }
    }

    /** {@return the network of which this ran all or a section} */
    AuditedNetwork network() {
        return isSection() ? AuditedNetwork.UNET : AuditedNetwork.of(label);
    }

    private boolean isSection() {
        return label.equals(TraceValue.UNET_TEXTS) || label.equals(TraceValue.UNET_TIMES);
    }

    /** {@return the value of a name; null if it was not recorded} */
    @Nullable
    TraceValue value(String name) {
        return values.get(name);
    }

    /**
     * {@return inputs of the whole network, from which its graph is made}
     *
     * @param elements
     *            the elements of an input that the trace has
     */
    Map<String, Tensor> inputs(Function<TraceValue, Tensor> elements) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        for (TraceValue v : values.values()) {
            if (v.isInput()) {
                given.put(v.name(), v.tensor() == null || trace.isLost(v) ? zeros(v.shape()) : elements.apply(v));
            }
        }
        if (network() == AuditedNetwork.UNET && !given.isEmpty()) {
            int batch = given.values().iterator().next().shape().dim(0);
            given.computeIfAbsent(UNet.SAMPLE, n -> Tensor.zeros(Shape.of(batch, 1, SIDE, SIDE)));
            given.computeIfAbsent(UNet.TIMESTEP, n -> Tensor.zeros(Shape.of(batch)));
            given.computeIfAbsent(UNet.CONTEXT, n -> Tensor.zeros(Shape.of(batch, tokens(), 1)));
        }
        return given;
    }

    /** An input of which only the shape matters. */
    private static Tensor zeros(List<Integer> shape) {
        return Tensor.zeros(Shape.of(shape.stream().mapToInt(i -> i).toArray()));
    }

    private int tokens() {
        return trace.values().stream().filter(v -> v.isInput() && v.name().equals(UNet.CONTEXT))
                .map(v -> v.shape().get(1)).findFirst().orElse(TOKENS);
    }

    /**
     * {@return the graphs that this may have run, with the inputs that were recorded: several if they differ in what can be
     * fused only}
     *
     * @param whole
     *            a graph of the network
     */
    List<Graph> graphs(Graph whole) {
        List<Graph> all = new ArrayList<>(List.of(whole));
        if (label.equals(TraceValue.UNET_TEXTS)) {
            all.add(UNetSections.texts(whole));
        } else if (label.equals(TraceValue.UNET_TIMES)) {
            all.add(UNetSections.times(whole));
        } else if (label.equals("unet") && !fits(whole)) {
            int batch = whole.inputs().getFirst().shape().dim(0);
            for (boolean times : new boolean[]{true, false}) {
                Graph rest = UNetSections.rest(whole, times, group(batch));
                all.add(rest);
                for (UNetSections.Cached what : UNetSections.Cached.values()) {
                    CachedValues cached = UNetSections.cached(rest, what);
                    all.addAll(List.of(cached.whole(), cached.given()));
                }
            }
        }
        return all.stream().filter(this::fits).toList();
    }

    /** Neighbours in the batch for which what they share was computed once: values of the first ones have fewer rows. */
    private int group(int batch) {
        return values.values().stream().filter(v -> v.name().matches(".*\\.(once|first|repeat)"))
                .mapToInt(v -> v.shape().getFirst()).filter(rows -> rows > 0 && batch % rows == 0)
                .map(rows -> batch / rows)
                .findFirst().orElse(1);
    }

    /** Whether a graph has the recorded inputs, and no others that it reads. */
    private boolean fits(Graph g) {
        Set<Integer> read = g.read();
        Set<String> recorded = values.values().stream().filter(TraceValue::isInput).map(TraceValue::name)
                .collect(Collectors.toSet());
        Set<String> had = g.inputs().stream().map(Node::name).collect(Collectors.toSet());
        return had.containsAll(recorded) && g.nodes().stream()
                .filter(n -> n.op() instanceof Op.Input && read.contains(n.output().id())).map(Node::name)
                .allMatch(recorded::contains);
    }
}
