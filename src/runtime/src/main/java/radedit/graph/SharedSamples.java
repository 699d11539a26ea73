package radedit.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import radedit.tensor.Shape;

/**
 * Computes what is the same for several samples of a batch only once. In a guided step of a diffusion model, for instance,
 * a latent is in the batch once for each prompt: everything before the first operation that reads the prompt is equal.
 *
 * <p>
 * Samples form groups of neighbours. Operations that do not depend on the inputs in which a group's samples differ are
 * done for the first sample of each group, and their results repeated where other operations read them. The graph's inputs
 * and outputs, and the results of all operations, stay the same to the bit. A result that other operations read has its
 * name; where it is computed, for the first samples, the name ends in {@code .once}.
 */
public final class SharedSamples {
    private final Set<String> differing;
    private final int group;
    private final List<Node> nodes = new ArrayList<>();
    /** Values of the first samples, by the original value's id, of all values that are the same in a group. */
    private final Map<Integer, Value> firsts = new HashMap<>();
    /** Values of all samples, by the original value's id. */
    private final Map<Integer, Value> repeated = new HashMap<>();
    private int nextId;

    private SharedSamples(Graph graph, Set<String> differing, int group) {
        this.differing = differing;
        this.group = group;
        this.nextId = 1 + graph.nodes().stream().mapToInt(n -> n.output().id()).max().orElse(0);
    }

    /**
     * {@return an equivalent graph}
     *
     * @param graph
     *            the graph; the first axis of every value that depends on an input is the batch
     * @param differing
     *            names of the inputs in which a group's samples may differ; in all others they are equal
     * @param group
     *            samples of a group; divides the batch
     */
    public static Graph apply(Graph graph, Set<String> differing, int group) {
        if (group == 1) {
            return graph;
        }
        SharedSamples s = new SharedSamples(graph, differing, group);
        graph.nodes().forEach(s::visit);
        Map<String, Value> outputs = new LinkedHashMap<>();
        graph.outputs().forEach((name, v) -> outputs.put(name, s.repeated.getOrDefault(v.id(), v)));
        return new Graph(List.copyOf(s.nodes), outputs).prune(n -> false);
    }

    private void visit(Node n) {
        boolean same = n.op() instanceof Op.Input
                ? !differing.contains(n.name())
                : !n.inputs().isEmpty() && n.inputs().stream().allMatch(v -> firsts.containsKey(v.id()));
        int id = n.output().id();
        if (same && !isGiven(n)) {
            Value once = once(n);
            firsts.put(id, once);
            repeated.put(id, repeat(n, once));
        } else {
            List<Value> inputs = n.inputs().stream().map(v -> repeated.getOrDefault(v.id(), v)).toList();
            nodes.add(new Node(n.name(), n.op(), inputs, n.weights(), n.output(), n.covers()));
            if (same) {
                firsts.put(id, first(n));
                repeated.put(id, n.output());
            }
        }
    }

    /** Whether a value is there for all samples: an input, or what a backend may compute from an input on the host. */
    private static boolean isGiven(Node n) {
        return n.op() instanceof Op.Input || n.op() instanceof Op.TimestepEmbedding;
    }

    /** The node for the first samples. */
    private Value once(Node n) {
        List<Value> inputs = n.inputs().stream().map(v -> firsts.getOrDefault(v.id(), v)).toList();
        Op op = n.op() instanceof Op.Reshape r ? new Op.Reshape(ofFirsts(r.to())) : n.op();
        return add(n.name() + ".once", op, inputs, n.weights());
    }

    /** The first sample of each group: a slice of [groups, group * elements]. */
    private Value first(Node n) {
        int each = elements(n.shape());
        Value rows = add(n.name() + ".groups", new Op.Reshape(Shape.of(n.shape().dim(0) / group, group * each)),
                List.of(n.output()), List.of());
        Value first = add(n.name() + ".first", new Op.Slice(0, each), List.of(rows), List.of());
        return add(n.name() + ".firsts", new Op.Reshape(ofFirsts(n.shape())), List.of(first), List.of());
    }

    /** A result for all samples: as a picture of one pixel per group, enlarged. */
    private Value repeat(Node n, Value once) {
        int each = elements(n.shape());
        Value pixels = add(n.name() + ".pixels", new Op.Reshape(Shape.of(once.dim(0), 1, 1, each)), List.of(once),
                List.of());
        Value enlarged = add(n.name() + ".repeat", new Op.Upsample(group, 1), List.of(pixels), List.of());
        return add(n.name(), new Op.Reshape(n.shape()), List.of(enlarged), List.of());
    }

    private Value add(String name, Op op, List<Value> inputs, List<Weight> weights) {
        Value out = new Value(nextId++, op.infer(inputs.stream().map(Value::shape).toList()));
        nodes.add(new Node(name, op, inputs, weights, out, List.of()));
        return out;
    }

    private Shape ofFirsts(Shape all) {
        return all.with(0, all.dim(0) / group);
    }

    private static int elements(Shape s) {
        return Math.toIntExact(s.elements() / s.dim(0));
    }
}
