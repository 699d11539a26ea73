package radedit.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import radedit.tensor.Shape;

/**
 * A network for fixed input shapes.
 *
 * @param nodes
 *            in execution order
 * @param outputs
 *            the results by the caller's names
 */
public record Graph(List<Node> nodes, Map<String, Value> outputs) {

    /** {@return the nodes of values given at run time} */
    public List<Node> inputs() {
        return nodes.stream().filter(n -> n.op() instanceof Op.Input).toList();
    }

    /** {@return the shape of every parameter by its published name} */
    public Map<String, Shape> weights() {
        Map<String, Shape> all = new LinkedHashMap<>();
        for (Node n : nodes) {
            for (Weight w : n.weights()) {
                all.put(w.name(), w.shape());
            }
        }
        return all;
    }

    /** {@return the node that produces each value, by value id} */
    public Map<Integer, Node> producers() {
        Map<Integer, Node> by = new HashMap<>();
        for (Node n : nodes) {
            by.put(n.output().id(), n);
        }
        return by;
    }

    /** {@return ids of the values that an operation reads} */
    public Set<Integer> read() {
        return nodes.stream().flatMap(n -> n.inputs().stream()).map(Value::id).collect(Collectors.toSet());
    }

    /**
     * {@return a result}
     *
     * @param name
     *            the caller's name of it
     * @throws IllegalArgumentException
     *             if there is none of this name
     */
    public Value output(String name) {
        Value v = outputs.get(name);
        if (v == null) {
            throw new IllegalArgumentException("the network has no output '" + name + "'");
        }
        return v;
    }

    /** {@return the node that produces each result, by the caller's names} */
    public Map<String, Node> outputNodes() {
        Map<Integer, Node> by = producers();
        Map<String, Node> all = new LinkedHashMap<>();
        outputs.forEach((name, v) -> all.put(name, Objects.requireNonNull(by.get(v.id()))));
        return all;
    }

    /** {@return multiplications and additions of one run, see {@link Node#flops}} */
    public double flops() {
        return nodes.stream().mapToDouble(Node::flops).sum();
    }

    /**
     * {@return this graph without the nodes on which neither an output nor a wanted result depends; inputs are
     * kept}
     *
     * @param wanted
     *            selects names of nodes whose results are needed
     */
    public Graph prune(Predicate<String> wanted) {
        Map<Integer, Node> by = producers();
        Set<Integer> live = new HashSet<>();
        outputs.values().forEach(v -> mark(v, by, live));
        for (Node n : nodes) {
            if (n.op() instanceof Op.Input || wanted.test(n.resultName())) {
                mark(n.output(), by, live);
            }
        }
        return new Graph(nodes.stream().filter(n -> live.contains(n.output().id())).toList(), outputs);
    }

    /**
     * Extracts the part of the graph that computes some values from others.
     *
     * @param from
     *            the inputs of the part, named by {@link #inputName}
     * @param to
     *            the outputs of the part by name; must depend on nothing but {@code from} and parameters
     * @return the part
     */
    public Graph between(List<Value> from, Map<String, Value> to) {
        List<Node> part = new ArrayList<>();
        Set<Integer> known = new HashSet<>();
        for (Value v : from) {
            if (known.add(v.id())) {
                part.add(new Node(inputName(v), new Op.Input(v.shape()), List.of(), List.of(), v, List.of()));
            }
        }
        Map<Integer, Node> by = producers();
        Set<Integer> needed = new HashSet<>();
        List<Value> todo = new ArrayList<>(to.values());
        while (!todo.isEmpty()) {
            Value v = todo.removeLast();
            if (!known.contains(v.id()) && needed.add(v.id())) {
                todo.addAll(Objects.requireNonNull(by.get(v.id())).inputs());
            }
        }
        nodes.stream().filter(n -> needed.contains(n.output().id())).forEach(part::add);
        return new Graph(List.copyOf(part), to);
    }

    /**
     * {@return the name of a value as an input of a part}
     *
     * @param v
     *            the value
     */
    public static String inputName(Value v) {
        return "value " + v.id();
    }

    private static void mark(Value root, Map<Integer, Node> by, Set<Integer> live) {
        List<Value> todo = new ArrayList<>(List.of(root));
        while (!todo.isEmpty()) {
            Value v = todo.removeLast();
            if (live.add(v.id())) {
                todo.addAll(Objects.requireNonNull(by.get(v.id())).inputs());
            }
        }
    }
}
