package radedit.exec;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.safetensors.TensorData;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/**
 * Runs a network of convolutions and group norms in strips of rows, so that the device holds a strip and not the
 * whole picture. Values are kept on the host. A convolution gets the rows beyond the strip's edges that its kernel
 * reads, and statistics of group norms are computed over the whole picture, so there are no seams, unlike with
 * independently decoded tiles. Operations at the lowest resolution, attention among them, run on the whole picture.
 */
public final class StripedProgram implements Program {
    /**
     * A group norm as the following convolution applies it: value * scale + shift per channel.
     *
     * @param source
     *            id of the value that is normalised
     */
    private record Normed(int source, double[] scale, double[] shift) {}

    /** Length of the longest array that HotSpot allocates. */
    private static final long MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    private final Backend backend;
    private final WeightStore store;
    private final StripPlan plan;
    private final Map<Graph, Program> programs = new HashMap<>();

    /**
     * Plans the strips; they are compiled at the first run.
     *
     * @param backend
     *            runs the strips
     * @param graph
     *            a graph of batch 1
     * @param store
     *            its parameters; must stay open while the program is used
     * @param rows
     *            rows of a strip of the tallest picture
     * @throws IllegalArgumentException
     *             if the batch is not 1, or the network has other operations than convolutions and group norms above
     *             its lowest resolution
     */
    public StripedProgram(Backend backend, Graph graph, WeightStore store, int rows) {
        this.backend = backend;
        this.store = store;
        this.plan = new StripPlan(graph, rows);
    }

    /**
     * {@return the graphs that the backend runs, one at a time: strips and the part at the lowest resolution}
     *
     * @param graph
     *            a graph of batch 1
     * @param store
     *            its parameters
     * @param rows
     *            rows of a strip of the tallest picture
     */
    public static List<PlannedGraph> planned(Graph graph, WeightStore store, int rows) {
        return new StripPlan(graph, rows).graphs().stream().map(g -> new PlannedGraph(g, store)).toList();
    }

    /**
     * {@return the peak number of bytes of values and strips on the host's heap; an impossible number if a value is
     * too large for an array}
     *
     * @param graph
     *            a graph of batch 1
     * @param rows
     *            rows of a strip of the tallest picture
     */
    public static long hostBytes(Graph graph, int rows) {
        StripPlan plan = new StripPlan(graph, rows);
        Map<Integer, Long> live = new HashMap<>();
        long most = 0;
        for (StripPlan.Step step : plan.steps()) {
            long tensors = 0;
            switch (step) {
                case StripPlan.Input g -> live.put(g.node().output().id(), g.node().shape().elements());
                case StripPlan.Whole w -> {
                    w.graph().outputs().values().forEach(v -> live.put(v.id(), v.shape().elements()));
                    tensors = w.from().values().stream().mapToLong(v -> v.shape().elements()).sum()
                            + w.graph().outputs().values().stream().mapToLong(v -> v.shape().elements()).sum();
                }
                case StripPlan.Norm n -> {}
                case StripPlan.Conv c -> {
                    live.put(c.node().output().id(), c.node().shape().elements());
                    tensors = c.strips().stream().mapToLong(s -> elements(s.graph())).max().orElse(0);
                }
            }
            if (live.values().stream().anyMatch(n -> n > MAX_ARRAY_LENGTH)) {
                return Long.MAX_VALUE >> 1;
            }
            most = Math.max(most,
                    Float.BYTES * live.values().stream().mapToLong(n -> n).sum() + Double.BYTES * tensors);
            step.dead().forEach(live::remove);
        }
        return most;
    }

    /** Elements of a graph's inputs and outputs. */
    private static long elements(Graph g) {
        return g.inputs().stream().mapToLong(n -> n.shape().elements()).sum()
                + g.outputs().values().stream().mapToLong(v -> v.shape().elements()).sum();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Run options) {
        Run each = options.withAllInputsNew(); // one program runs on many strips
        Values values = new Values();
        for (StripPlan.Step step : plan.steps()) {
            options.check();
            switch (step) {
                case StripPlan.Input g ->
                        values.put(g.node().output(), HostLayout.requireInput(g.node(), inputs), 0, 0,
                                g.node().output().dim(1));
                case StripPlan.Whole w -> whole(w, values, each);
                case StripPlan.Norm n -> values.normed.put(n.node().output().id(), normed(n, values));
                case StripPlan.Conv c -> conv(c, values, each);
            }
            step.dead().forEach(values::drop);
        }
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        plan.outputs().forEach((name, v) -> outputs.put(name, values.tensor(v.id(), v.shape(), 0, v.dim(1), null)));
        return outputs;
    }

    private void whole(StripPlan.Whole w, Values values, Run options) {
        Map<String, Tensor> in = new HashMap<>();
        w.from().forEach((id, v) -> in.put(Graph.inputName(v), values.tensor(id, v.shape(), 0, v.dim(1), null)));
        Map<String, Tensor> out = program(w.graph()).run(in, options);
        out.forEach((name, t) -> {
            Value v = w.graph().output(name);
            values.put(v, t, 0, 0, v.dim(1));
        });
    }

    private void conv(StripPlan.Conv c, Values values, Run options) {
        Node n = c.node();
        Value x = n.inputs().getFirst();
        for (StripPlan.Strip s : c.strips()) {
            Map<String, Tensor> in = new HashMap<>();
            Normed norm = values.normed.get(c.source());
            in.put("x", values.tensor(norm == null ? c.source() : norm.source, x.shape(), s.inFrom(), s.inTo(), norm));
            if (c.residual() != null) {
                in.put("residual", values.tensor(c.residual(), n.shape(), s.computedFrom(), s.computedTo(), null));
            }
            Tensor y = program(s.graph()).run(in, "y", options);
            values.put(n.output(), y, s.from() - s.computedFrom(), s.from(), s.to());
        }
    }

    private Program program(Graph g) {
        return programs.computeIfAbsent(g, k -> backend.compile(k, store, Probe.NONE));
    }

    /** Computes mean and variance of each group over all pixels, in double precision. */
    private Normed normed(StripPlan.Norm n, Values values) {
        Op.GroupNorm g = (Op.GroupNorm) n.node().op();
        float[] x = values.get(n.source());
        int channels = n.node().output().channels();
        int each = channels / g.groups();
        int pixels = x.length / channels;
        double[] sum = new double[channels];
        for (int p = 0; p < x.length; p += channels) {
            for (int c = 0; c < channels; c++) {
                sum[c] += x[p + c];
            }
        }
        double[] mean = groups(sum, each, pixels);
        double[] squares = new double[channels];
        for (int p = 0; p < x.length; p += channels) {
            for (int c = 0; c < channels; c++) {
                double d = x[p + c] - mean[c / each];
                squares[c] += d * d;
            }
        }
        double[] variance = groups(squares, each, pixels);
        TensorData gamma = weight(n.node(), 0);
        TensorData beta = weight(n.node(), 1);
        double[] scale = new double[channels];
        double[] shift = new double[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = gamma.get(c) / Math.sqrt(variance[c / each] + g.eps());
            shift[c] = beta.get(c) - mean[c / each] * scale[c];
        }
        return new Normed(n.source(), scale, shift);
    }

    private TensorData weight(Node n, int index) {
        return store.get(n.weights().get(index).name(), n.weights().get(index).shape());
    }

    private static double[] groups(double[] sums, int each, int pixels) {
        double[] all = new double[sums.length / each];
        for (int c = 0; c < sums.length; c++) {
            all[c / each] += sums[c] / ((double) pixels * each);
        }
        return all;
    }

    /** Values on the host by id, [rows, columns, channels] as in a graph. */
    private static final class Values {
        private final Map<Integer, float[]> all = new HashMap<>();
        private final Map<Integer, Normed> normed = new HashMap<>();

        /**
         * Copies rows {@code from} to {@code to} of a value from a host tensor, in which they begin at row
         * {@code first}.
         */
        void put(Value v, Tensor t, int first, int from, int to) {
            float[] x = all.computeIfAbsent(v.id(), k -> new float[Math.toIntExact(v.shape().elements())]);
            int width = v.dim(2);
            int channels = v.channels();
            int rows = t.shape().dim(2);
            for (int c = 0; c < channels; c++) {
                for (int r = from; r < to; r++) {
                    int source = (c * rows + first + r - from) * width;
                    for (int i = 0; i < width; i++) {
                        x[(r * width + i) * channels + c] = (float) t.data()[source + i];
                    }
                }
            }
        }

        /** Rows of a value as a host tensor, normalised unless {@code norm} is null. */
        Tensor tensor(int id, Shape shape, int from, int to, @Nullable Normed norm) {
            float[] x = get(id);
            int width = shape.dim(2);
            int channels = shape.dim(3);
            Tensor t = Tensor.zeros(Shape.of(1, channels, to - from, width));
            int at = 0;
            for (int c = 0; c < channels; c++) {
                double scale = norm == null ? 1 : norm.scale[c];
                double shift = norm == null ? 0 : norm.shift[c];
                for (int r = from; r < to; r++) {
                    for (int i = 0; i < width; i++) {
                        t.data()[at++] = x[(r * width + i) * channels + c] * scale + shift;
                    }
                }
            }
            return t;
        }

        float[] get(int id) {
            float[] x = all.get(id);
            if (x == null) {
                throw new IllegalStateException("value " + id + " is not live");
            }
            return x;
        }

        void drop(int id) {
            all.remove(id);
        }
    }
}
