package radedit.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network that hands out one of its values, and the same network given that value: of its operations, those on which
 * only the value depends are left out. For DeepCache (Ma et al., arXiv:2312.00858), which takes the value from an earlier
 * step of a diffusion model, where it is similar but not the same.
 *
 * @param whole
 *            the network with a further output of the given name
 * @param shallow
 *            the network with a further input of the given name; inputs that are no longer read are left out
 */
public record DeepFeatures(Graph whole, Graph shallow) {

    /**
     * {@return both graphs}
     *
     * @param graph
     *            the network
     * @param features
     *            the value
     * @param name
     *            the name that it has as output and as input
     */
    public static DeepFeatures of(Graph graph, Value features, String name) {
        Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
        outputs.put(name, features);
        List<Node> given = new ArrayList<>();
        for (Node n : graph.nodes()) {
            given.add(n.output().id() == features.id()
                    ? new Node(name, new Op.Input(n.shape()), List.of(), List.of(), n.output(), List.of())
                    : n);
        }
        Graph pruned = new Graph(List.copyOf(given), graph.outputs()).prune(n -> false);
        Set<Integer> read = pruned.read();
        List<Node> needed = pruned.nodes().stream()
                .filter(n -> !(n.op() instanceof Op.Input) || read.contains(n.output().id())).toList();
        return new DeepFeatures(new Graph(graph.nodes(), outputs), new Graph(needed, graph.outputs()));
    }
}
