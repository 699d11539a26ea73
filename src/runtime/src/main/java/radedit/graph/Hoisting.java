package radedit.graph;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph in two parts: what depends on some inputs only, to be computed once for all runs in which they are the same
 * ("loop-invariant code motion"), and the rest. Every operation and every order of operations stays, so the results are
 * the same to the bit.
 *
 * @param once
 *            computes from those inputs what the rest needs of them; each result is named by its node
 * @param rest
 *            the original graph with these results as further inputs of the same names; it has all original inputs,
 *            even those that it no longer reads
 */
public record Hoisting(Graph once, Graph rest) {

    /**
     * {@return the parts of a graph}
     *
     * @param graph
     *            the graph
     * @param inputs
     *            names of the inputs that stay the same
     * @throws IllegalArgumentException
     *             if nothing depends on these inputs only
     */
    public static Hoisting of(Graph graph, Set<String> inputs) {
        Set<Integer> fixed = new HashSet<>();
        List<Node> once = new ArrayList<>();
        for (Node n : graph.nodes()) {
            boolean given = n.op() instanceof Op.Input && inputs.contains(n.name());
            boolean computed = !n.inputs().isEmpty() && n.inputs().stream().allMatch(v -> fixed.contains(v.id()));
            if (given || computed) {
                fixed.add(n.output().id());
                once.add(n);
            }
        }
        Set<Integer> needed = new HashSet<>();
        graph.outputs().values().forEach(v -> needed.add(v.id()));
        graph.nodes().stream().filter(n -> !fixed.contains(n.output().id()))
                .forEach(n -> n.inputs().forEach(v -> needed.add(v.id())));
        Map<String, Value> results = new LinkedHashMap<>();
        List<Node> rest = new ArrayList<>();
        for (Node n : graph.nodes()) {
            boolean kept = !fixed.contains(n.output().id()) || n.op() instanceof Op.Input;
            if (kept) {
                rest.add(n);
            } else if (needed.contains(n.output().id())) {
                results.put(n.name(), n.output());
                rest.add(new Node(n.name(), new Op.Input(n.shape()), List.of(), List.of(), n.output(), List.of()));
            }
        }
        if (results.isEmpty()) {
            throw new IllegalArgumentException("nothing depends on " + String.join(", ", inputs) + " only");
        }
        return new Hoisting(new Graph(List.copyOf(once), results), new Graph(List.copyOf(rest), graph.outputs()));
    }
}
