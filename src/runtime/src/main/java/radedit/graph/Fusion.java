package radedit.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Fuses cheap operations into the convolution, GEMM or norm that feeds them, while their operands are still in
 * registers or cache: the addition of time embedding and residual, activation and GEGLU gate into a convolution or
 * linear layer, an activation into a group norm, nearest-neighbour upsampling by 2 into the following convolution,
 * a batch norm into the weights of the preceding one.
 *
 * <p>
 * An operation is fused only if the intermediate value has a single reader and is not visible. The fused node takes
 * the position of the last operation that it covers, the first at which all its operands exist.
 */
public final class Fusion {
    private final Predicate<String> visible;
    private final Map<Integer, Integer> readers = new HashMap<>();
    /** New producer of each old value; updated when a node is fused. */
    private final Map<Integer, Node> producer = new HashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private Fusion(Graph graph, Predicate<String> visible) {
        this.visible = visible;
        graph.outputs().values().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
        graph.nodes().forEach(n -> n.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum)));
    }

    /**
     * {@return an equivalent graph with operations fused}
     *
     * @param graph
     *            the graph
     * @param visible
     *            selects names of nodes whose results must not be fused away
     */
    public static Graph apply(Graph graph, Predicate<String> visible) {
        Fusion f = new Fusion(graph, visible);
        graph.nodes().forEach(f::visit);
        return new Graph(List.copyOf(f.nodes), new LinkedHashMap<>(graph.outputs()));
    }

    private void visit(Node n) {
        Node fused = switch (n.op()) {
            case Op.Add a -> add(n);
            case Op.Activate a -> activate(n, a.function());
            case Op.Geglu g -> geglu(n);
            case Op.Conv2d c -> upsampled(n, c);
            case Op.BatchNorm b -> batchNorm(n, b);
            default -> null;
        };
        Node placed = fused == null ? n : fused;
        nodes.add(placed);
        producer.put(n.output().id(), placed);
    }

    private @Nullable Node add(Node n) {
        Value a = n.inputs().get(0);
        Value b = n.inputs().get(1);
        boolean sameShape = a.shape().equals(b.shape());
        boolean perSample = !sameShape && b.shape().rank() == 2;
        Node f = sameShape || perSample ? fold(n, a, b, perSample) : null;
        return f == null && sameShape ? fold(n, b, a, false) : f;
    }

    /** Fuses the sum of {@code result} and {@code other} into the producer of {@code result}. */
    private @Nullable Node fold(Node n, Value result, Value other, boolean perSample) {
        Node p = foldable(result);
        Epilogue e = p == null ? null : epilogue(p.op());
        if (p == null || e == null || !e.acceptsAddition() || e.residual() || perSample && e.rowBias()) {
            return null;
        }
        List<Value> inputs = new ArrayList<>(p.inputs());
        inputs.add(other);
        return replace(p, n, with(p.op(), perSample ? e.withRowBias() : e.withResidual()), inputs);
    }

    private @Nullable Node activate(Node n, Activation function) {
        Node p = foldable(n.inputs().getFirst());
        if (p == null) {
            return null;
        }
        if (p.op() instanceof Op.GroupNorm g && g.activation() == Activation.NONE) {
            return replace(p, n, new Op.GroupNorm(g.groups(), g.eps(), function), p.inputs());
        }
        Epilogue e = epilogue(p.op());
        return e == null || !e.acceptsAddition() ? null : replace(p, n, with(p.op(), e.with(function)), p.inputs());
    }

    private @Nullable Node geglu(Node n) {
        Node p = foldable(n.inputs().getFirst());
        if (p == null || !(p.op() instanceof Op.Linear l) || !l.epilogue().isNone()) {
            return null;
        }
        return replace(p, n, with(l, l.epilogue().withGeglu()), p.inputs());
    }

    private @Nullable Node batchNorm(Node n, Op.BatchNorm b) {
        Node p = foldable(n.inputs().getFirst());
        if (p == null || !(p.op() instanceof Op.Conv2d c) || c.norm() != null || !c.epilogue().isNone()) {
            return null;
        }
        List<Weight> weights = new ArrayList<>(p.weights());
        weights.addAll(n.weights());
        return replace(p, n, c.with(b), p.inputs(), weights);
    }

    private @Nullable Node upsampled(Node n, Op.Conv2d c) {
        Value x = n.inputs().getFirst();
        Node p = foldable(x);
        if (p == null || !(p.op() instanceof Op.Upsample) || c.stride() != 1) {
            return null;
        }
        Value source = p.inputs().getFirst();
        if (x.dim(1) != 2 * source.dim(1) || x.dim(2) != 2 * source.dim(2)) {
            return null;
        }
        nodes.remove(p);
        return new Node(n.name(), c.withUpsample(), List.of(source), n.weights(), n.output(), n.covers());
    }

    /** The producer of a value if the value may be fused away, else null. */
    private @Nullable Node foldable(Value v) {
        Node p = Objects.requireNonNull(producer.get(v.id()));
        return Integer.valueOf(1).equals(readers.get(v.id())) && !visible.test(p.resultName()) ? p : null;
    }

    private Node replace(Node p, Node last, Op op, List<Value> inputs) {
        return replace(p, last, op, inputs, p.weights());
    }

    private Node replace(Node p, Node last, Op op, List<Value> inputs, List<Weight> weights) {
        nodes.remove(p);
        List<String> covers = new ArrayList<>(p.covers());
        covers.add(last.name());
        return new Node(p.name(), op, List.copyOf(inputs), List.copyOf(weights), last.output(), List.copyOf(covers));
    }

    private static @Nullable Epilogue epilogue(Op op) {
        return switch (op) {
            case Op.Conv2d c -> c.epilogue();
            case Op.Linear l -> l.epilogue();
            default -> null;
        };
    }

    private static Op with(Op op, Epilogue e) {
        return switch (op) {
            case Op.Conv2d c -> c.with(e);
            case Op.Linear l -> new Op.Linear(l.outFeatures(), l.bias(), e);
            default -> throw new IllegalArgumentException(op.toString());
        };
    }
}
