package radedit.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.exec.NodeWeights;
import radedit.exec.Program;
import radedit.exec.Workers;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * The exact result of an operation, as fused, and how far from it float32 arithmetic may be: computed in double
 * precision from the inputs alone, before the tested result is looked at.
 */
final class ErrorBudget {
    private final Tensor exact;
    private final Tensor bound;
    private final Tensor estimate;

    private ErrorBudget(Tensor exact, Tensor bound, Tensor estimate) {
        this.exact = exact;
        this.bound = bound;
        this.estimate = estimate;
    }

    /**
     * Computes an operation and the bound of its error.
     *
     * @param part
     *            the operation, not fused: a graph that computes {@code to} from inputs
     * @param to
     *            the node of its result
     * @param inputs
     *            its inputs, by name
     * @param store
     *            its weights
     * @param reference
     *            a backend that computes in double precision
     * @param arithmetic
     *            how the tested backend computes
     * @param workers
     *            compute the bound
     */
    static ErrorBudget of(Graph part, Node to, Map<String, Tensor> inputs, WeightStore store, Backend reference,
            Arithmetic arithmetic, Workers workers) {
        Walk walk = new Walk(part, inputs, store, new OperationBound(arithmetic, workers));
        Tensor exact = reference.compile(part, store, walk).run(inputs, "out", Program.Run.DEFAULT);
        Operand result = Objects.requireNonNull(walk.values.get(to.output().id()));
        Node last = Objects.requireNonNull(part.producers().get(to.output().id()));
        return new ErrorBudget(exact, HostLayout.copyOut(last, i -> result.error(Rounding.WORST_CASE, i)),
                HostLayout.copyOut(last, i -> result.error(Rounding.INDEPENDENT, i)));
    }

    Tensor exact() {
        return exact;
    }

    /** The norm of the bound relative to that of the exact result, as errors are measured. */
    double bound() {
        return relative(bound);
    }

    /** The norm of the statistical estimate relative to that of the exact result. */
    double estimate() {
        return relative(estimate);
    }

    private double relative(Tensor error) {
        double norm = norm(error);
        return norm == 0 ? 0 : norm / norm(exact);
    }

    private static double norm(Tensor t) {
        double squares = 0;
        for (double v : t.data()) {
            squares += v * v;
        }
        return Math.sqrt(squares);
    }

    /**
     * {@return the largest error of an element divided by the element's bound; infinite if a result that has to be exact
     * is not, or is not finite}
     *
     * @param tested
     *            the result of the tested backend
     */
    double share(Tensor tested) {
        double worst = 0;
        for (int i = 0; i < tested.data().length; i++) {
            double difference = Math.abs(tested.data()[i] - exact.data()[i]);
            if (difference != 0) {
                double share = difference / bound.data()[i];
                worst = share <= worst ? worst : Double.isFinite(share) ? share : Double.POSITIVE_INFINITY;
            }
        }
        return worst;
    }

    /** Follows the reference backend through the operations of the part, each with the bound of its result. */
    private static final class Walk implements Probe {
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<Integer, Integer> readers = new HashMap<>();
        private final Map<Integer, Operand> values = new HashMap<>();
        private final WeightStore store;
        private final OperationBound bounds;

        Walk(Graph part, Map<String, Tensor> inputs, WeightStore store, OperationBound bounds) {
            this.store = store;
            this.bounds = bounds;
            part.outputs().values().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
            for (Node n : part.nodes()) {
                n.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
                if (n.op() instanceof Op.Input) {
                    values.put(n.output().id(),
                            Operand.given(n.shape(), inGraph(n, HostLayout.requireInput(n, inputs))));
                } else {
                    nodes.put(n.resultName(), n);
                }
            }
        }

        private static double[] inGraph(Node n, Tensor t) {
            double[] y = new double[t.data().length];
            HostLayout.copyIn(n, t, (i, v) -> y[i] = v);
            return y;
        }

        @Override
        public boolean wants(String name) {
            return nodes.containsKey(name);
        }

        @Override
        public void accept(String name, Tensor value) {
            Node n = Objects.requireNonNull(nodes.get(name));
            List<Operand> in = n.inputs().stream().map(v -> Objects.requireNonNull(values.get(v.id()))).toList();
            values.put(n.output().id(), bounds.of(n, in,
                    NodeWeights.of(store, n), inGraph(n, value)));
            n.inputs().forEach(v -> {
                if (readers.merge(v.id(), -1, Integer::sum) == 0) {
                    values.remove(v.id());
                }
            });
        }
    }
}
