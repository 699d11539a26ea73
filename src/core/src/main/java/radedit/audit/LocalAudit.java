package radedit.audit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

import radedit.exec.Backend;
import radedit.exec.HostLayout;
import radedit.exec.Program;
import radedit.exec.Workers;
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
 * therefore do not count, and an operation that stands out is itself at fault. Each error is held against a bound that
 * follows from the length of the operation's sums, the precision and the algorithm.
 */
public final class LocalAudit implements AuditedNetwork.Runner {
    /** A bound of which less than this share is used is loose. */
    public static final double LOOSE = 0.01;

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
     * @param bound
     *            ||bounds|| / ||exact||, where each element has a bound of its rounding error; 0 if the operation is
     *            exact
     * @param share
     *            the largest error of an element divided by that element's bound; infinite if an operation that should
     *            be exact is not, or the result is not finite
     * @param estimate
     *            what the error usually is at most, if roundings are independent; same unit as {@code bound}
     * @param cumulative
     *            error of the whole network up to here, in the unit of {@code error}; NaN if not asked for
     */
    public record Row(String name, String operation, double error, double maxDifference, double bound, double share,
            double estimate, double cumulative) {
        /** {@return whether an element's error is beyond its bound, so that rounding does not explain it} */
        public boolean isBeyond() {
            return !(share <= 1);
        }

        /** {@return whether the bound is more than a hundred times the error, and the estimate says more} */
        public boolean isLoose() {
            return bound > 0 && share < LOOSE;
        }
    }

    private final Backend tested;
    private final Backend exact;
    private final Workers workers;
    private final boolean cumulative;
    private final Consumer<Row> listener;

    /**
     * Creates an audit.
     *
     * @param tested
     *            the backend under test
     * @param exact
     *            a backend that computes in double precision
     * @param workers
     *            compute the bounds
     * @param cumulative
     *            whether to run the whole network on the exact backend too, in step with the tested one, and to compare
     *            all results
     * @param listener
     *            called after each operation
     */
    public LocalAudit(Backend tested, Backend exact, Workers workers, boolean cumulative, Consumer<Row> listener) {
        this.tested = tested;
        this.exact = exact;
        this.workers = workers;
        this.cumulative = cumulative;
        this.listener = listener;
    }

    @Override
    public Map<String, Tensor> run(Graph graph, WeightStore store, Map<String, Tensor> given) {
        Graph whole = graph.prune(n -> false);
        return tested.compile(whole, store, new Watcher(whole, store, given, Arithmetic.of(tested))).run(given);
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
        private final Arithmetic arithmetic;
        private final Map<String, Node> fused = new LinkedHashMap<>();
        private final Map<Integer, Integer> readers = new HashMap<>();
        /** Results that later operations still read, by value id, in the layout of graph inputs. */
        private final Map<Integer, Tensor> values = new HashMap<>();
        /** The same values, as they are if all operations are exact. */
        private final Map<Integer, Tensor> exactValues = new HashMap<>();

        Watcher(Graph graph, WeightStore store, Map<String, Tensor> given, Arithmetic arithmetic) {
            this.graph = graph;
            this.store = store;
            this.arithmetic = arithmetic;
            for (Node n : Fusion.apply(graph, name -> false).nodes()) {
                fused.put(n.resultName(), n);
                n.inputs().forEach(v -> readers.merge(v.id(), 1, Integer::sum));
                if (n.op() instanceof Op.Input) {
                    Tensor rounded = HostLayout.requireInput(n, given).map(v -> (float) v);
                    values.put(n.output().id(), rounded);
                    exactValues.put(n.output().id(), rounded);
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
            Graph part = graph.between(n.inputs(), Map.of("out", n.output()));
            double whole = cumulative ? compareWhole(n, part, ours) : Double.NaN;
            if (!n.isView()) {
                ErrorBudget budget = ErrorBudget.of(part, n, inputs(n, values), store, exact, arithmetic, workers);
                TensorErrors.Row row = TensorErrors.compare(name, ours, budget.exact(), null);
                listener.accept(new Row(name, n.op().getClass().getSimpleName(), row.error(), row.maxDifference(),
                        budget.bound(), budget.share(ours), budget.estimate(), whole));
            }
            values.put(n.output().id(), asInput(n, ours));
            n.inputs().forEach(v -> {
                if (readers.merge(v.id(), -1, Integer::sum) == 0) {
                    values.remove(v.id());
                    exactValues.remove(v.id());
                }
            });
        }

        /** Computes an operation from exact inputs and returns how far the tested network is from it. */
        private double compareWhole(Node n, Graph part, Tensor ours) {
            Tensor truth = exact.compile(part, store, Probe.NONE).run(inputs(n, exactValues), "out",
                    Program.Run.DEFAULT);
            exactValues.put(n.output().id(), asInput(n, truth));
            return TensorErrors.relative(ours, truth);
        }

        private static Map<String, Tensor> inputs(Node n, Map<Integer, Tensor> from) {
            Map<String, Tensor> all = new HashMap<>();
            n.inputs().forEach(v -> all.put(Graph.inputName(v), from.get(v.id())));
            return all;
        }
    }
}
