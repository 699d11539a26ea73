package radedit.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network that hands out some of its values, and the same network given these values: operations on which only they depend
 * are left out. For approximations that take values from an earlier step of a diffusion model, where they are similar but not
 * the same: DeepCache (Ma et al., arXiv:2312.00858) and T-GATE (Zhang et al., arXiv:2404.02747).
 *
 * @param whole
 *            the network with the values as further outputs
 * @param given
 *            the network with the values as further inputs; inputs that are no longer read are left out
 */
public record CachedValues(Graph whole, Graph given) {

    /**
     * {@return both graphs}
     *
     * @param graph
     *            the network
     * @param values
     *            the values, by the names that they have as outputs and as inputs
     */
    public static CachedValues of(Graph graph, Map<String, Value> values) {
        Map<String, Value> outputs = new LinkedHashMap<>(graph.outputs());
        outputs.putAll(values);
        Map<Integer, String> names = new HashMap<>();
        values.forEach((name, v) -> names.put(v.id(), name));
        List<Node> replaced = new ArrayList<>();
        for (Node n : graph.nodes()) {
            String name = names.get(n.output().id());
            replaced.add(name == null
                    ? n
                    : new Node(name, new Op.Input(n.shape()), List.of(), List.of(), n.output(), List.of()));
        }
        Graph pruned = new Graph(List.copyOf(replaced), graph.outputs()).prune(n -> false);
        Set<Integer> read = pruned.read();
        List<Node> needed = pruned.nodes().stream()
                .filter(n -> !(n.op() instanceof Op.Input) || read.contains(n.output().id())).toList();
        return new CachedValues(new Graph(graph.nodes(), outputs), new Graph(needed, graph.outputs()));
    }
}
