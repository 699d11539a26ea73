package radedit.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.exec.Program;
import radedit.graph.Fusion;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * Runs a network and compares each of its operations, as fused, with its definition: the reference backend computes the
 * operation in double precision from the same inputs that the tested backend had. Errors of earlier operations
 * therefore do not count, and an operation that stands out is itself at fault.
 */
public final class LocalAudit implements AuditedNetwork.Runner {
    /**
     * The error of one operation.
     *
     * @param name
     *            name of its result
     * @param operation
     *            kind of operation
     * @param error
     *            ||tested - exact|| / ||exact||
     * @param maxDifference
     *            the largest absolute difference
     */
    public record Row(String name, String operation, double error, double maxDifference) {}

    private final Backend tested;
    private final Backend exact;
    private final Consumer<Row> listener;

    /**
     * Creates an audit.
     *
     * @param tested
     *            the backend under test
     * @param exact
     *            a backend that computes in double precision
     * @param listener
     *            called after each operation
     */
    public LocalAudit(Backend tested, Backend exact, Consumer<Row> listener) {
        this.tested = tested;
        this.exact = exact;
        this.listener = listener;
    }

    @Override
    public Map<String, Tensor> run(Graph graph, WeightStore store, Map<String, Tensor> given) {
        Graph whole = graph.prune(n -> false);
        return tested.compile(whole, store, new Watcher(whole, store, given)).run(given);
    }

    @Override
    public AuditedNetwork.Runner unobserved() {
        return (graph, store, given) -> tested.compile(graph, store, Probe.NONE).run(given);
    }

    /**
     * {@return a result in the layout of graph inputs: probes get sequences from a group norm channels first,
     * inputs do not}
     */
    static Tensor asInput(Node n, Tensor t) {
        if (n.shape().rank() == 4 || !n.channelsFirst()) {
            return t;
        }
        Tensor flat = Tensor.zeros(n.shape());
        HostLayout.copyIn(n, t, (i, v) -> flat.data()[i] = v);
        return flat;
    }

    /** Observes every result that remains after fusion, in the order of the graph. */
    private final class Watcher implements Probe {
        private final Graph graph;
        private final WeightStore store;
        private final Map<String, Node> fused = new LinkedHashMap<>();
        private final Map<Integer, Integer> readers = new HashMap<>();
        /** Results that later operations still read, by value id, in the layout of graph inputs. */
        private final Map<Integer, Tensor> values = new HashMap<>();

        Watcher(Graph graph, WeightStore store, Map<String, Tensor> given) {
            this.graph = graph;
            this.store = store;
            for (Node n : Fusion.apply(graph, name -> false).nodes()) {
                fused.put(n.resultName(), n);
                n.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
                if (n.op() instanceof Op.Input) {
                    values.put(n.output().id(), HostLayout.requireInput(n, given).map(v -> (float) v));
                }
            }
        }

        @Override
        public boolean wants(String name) {
            return fused.containsKey(name);
        }

        @Override
        public void accept(String name, Tensor ours) {
            Node n = fused.get(name);
            if (n == null) {
                throw new IllegalArgumentException("not asked for: " + name);
            }
            if (n.op() instanceof Op.Input) {
                return;
            }
            if (!n.isView()) {
                Tensor truth = exact.compile(graph.between(n.inputs(), Map.of("out", n.output())), store, Probe.NONE)
                        .run(inputs(n), "out", Program.Run.DEFAULT);
                TensorErrors.Row row = TensorErrors.compare(name, ours, truth, null);
                listener.accept(new Row(name, n.op().getClass().getSimpleName(), row.error(), row.maxDifference()));
            }
            values.put(n.output().id(), asInput(n, ours));
            n.inputs().forEach(v -> {
                if (readers.merge(v.id(), -1, Integer::sum) == 0) {
                    values.remove(v.id());
                }
            });
        }

        private Map<String, Tensor> inputs(Node n) {
            Map<String, Tensor> all = new HashMap<>();
            n.inputs().forEach(v -> all.put(Graph.inputName(v), values.get(v.id())));
            return all;
        }
    }
}
