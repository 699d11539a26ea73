package radedit.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import radedit.tensor.Precision;

/**
 * Rounds the operands of every GEMM: those of convolutions, linear layers and both GEMMs of attention. Products, sums and
 * all other operations stay as they are. This is what tensor cores with float32 accumulators compute, up to the order of
 * sums.
 *
 * <p>
 * Values are rounded by an {@link Op.Round} node in front of their readers, one for each value, whose name is that of the
 * value with {@code .rounded}; weights are rounded where they are read ({@link Weight#precision}), the softmax weights of
 * attention within it ({@link Op.Attention#weights}). Names, inputs and outputs of the graph stay the same.
 */
public final class RoundedOperands {
    private final Precision precision;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Integer, Node> producers;
    private final Map<Integer, Value> rounded = new HashMap<>();
    private int nextId;

    private RoundedOperands(Graph graph, Precision precision) {
        this.precision = precision;
        this.producers = graph.producers();
        this.nextId = 1 + producers.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    /**
     * {@return a graph with rounded operands}
     *
     * @param graph
     *            the graph, not fused
     * @param precision
     *            to what they are rounded
     */
    public static Graph apply(Graph graph, Precision precision) {
        if (precision == Precision.NONE) {
            return graph;
        }
        RoundedOperands r = new RoundedOperands(graph, precision);
        graph.nodes().forEach(r::visit);
        return new Graph(List.copyOf(r.nodes), graph.outputs());
    }

    private void visit(Node n) {
        nodes.add(switch (n.op()) {
            case Op.Conv2d c -> product(n, c, 1);
            case Op.Linear l -> product(n, l, 1);
            case Op.Attention a -> product(n, a.with(precision), 3);
            default -> n;
        });
    }

    /** A node that reads the first inputs, and its first weight if it has any, rounded. */
    private Node product(Node n, Op op, int operands) {
        List<Value> inputs = new ArrayList<>(n.inputs());
        inputs.subList(0, operands).replaceAll(this::rounded);
        List<Weight> weights = new ArrayList<>(n.weights());
        if (!weights.isEmpty()) {
            weights.set(0, weights.getFirst().rounded(precision));
        }
        return new Node(n.name(), op, List.copyOf(inputs), List.copyOf(weights), n.output(), n.covers());
    }

    private Value rounded(Value v) {
        return rounded.computeIfAbsent(v.id(), id -> {
            Value out = new Value(nextId++, v.shape());
            nodes.add(new Node(Objects.requireNonNull(producers.get(id)).resultName() + ".rounded",
                    new Op.Round(precision), List.of(v),
                    List.of(), out, List.of()));
            return out;
        });
    }
}
