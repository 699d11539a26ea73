package radedit.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import radedit.exec.Backend;
import radedit.exec.ForwardingBackend;
import radedit.exec.Program;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.NodeValue;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/** A sound backend, whose name it keeps, in which operations are made wrong, by their names. */
final class FaultyBackend extends ForwardingBackend {
    /** Computes a wrong result from the right one and the values that the fault needs. */
    interface Fault {
        Tensor apply(Tensor right, Map<String, Tensor> seen);
    }

    private final Map<String, UnaryOperator<Node>> operations = new LinkedHashMap<>();
    private final Map<String, Fault> results = new LinkedHashMap<>();
    private final Map<String, Tensor> seen = new HashMap<>();
    private final Set<String> needed;
    private final UnaryOperator<WeightStore> weights;

    /**
     * @param needed
     *            names of results that faults need
     * @param weights
     *            replaces the weights
     */
    FaultyBackend(Backend sound, Set<String> needed, UnaryOperator<WeightStore> weights) {
        super(sound);
        this.needed = needed;
        this.weights = weights;
    }

    /** Makes an operation another one. */
    FaultyBackend operation(String name, UnaryOperator<Node> fault) {
        operations.put(name, fault);
        return this;
    }

    /** Makes the result of an operation, as fused, another one. */
    FaultyBackend result(String name, Fault fault) {
        results.put(name, fault);
        return this;
    }

    @Override
    public Program compile(Graph graph, WeightStore store, Probe probe) {
        List<Node> nodes = graph.nodes().stream()
                .map(n -> operations.getOrDefault(n.name(), UnaryOperator.identity()).apply(n)).toList();
        return super.compile(new Graph(nodes, graph.outputs()), weights.apply(store), new Probe() {
            @Override
            public boolean wants(String name) {
                return probe.wants(name) || needed.contains(name);
            }

            @Override
            public void accept(String name, Tensor value) {
                if (needed.contains(name)) {
                    seen.put(name, value);
                }
                if (probe.wants(name)) {
                    probe.accept(name, value);
                }
            }

            @Override
            public boolean observes(String name) {
                return probe.observes(name);
            }

            @Override
            public void observe(Node node, NodeValue value) {
                probe.observe(node, value);
            }

            @Override
            public boolean replaces(String name) {
                return results.containsKey(name);
            }

            @Override
            public Tensor replace(String name, Tensor value) {
                return results.get(name).apply(value, seen);
            }
        });
    }
}
