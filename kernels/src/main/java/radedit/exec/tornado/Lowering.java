package radedit.exec.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import radedit.exec.FoldedBatchNorm;
import radedit.exec.GridPositions;
import radedit.exec.TimestepEmbedding;
import radedit.graph.Graph;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Value;
import radedit.tensor.Precision;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.weights.WeightStore;

/** Lowers nodes to kernel launches and uploads the weights they need. */
final class Lowering {
    private final Operands operands;
    private final GemmLowering gemms;

    /**
     * @param store
     *            null to plan without weights
     * @param deviceWeights
     *            reads no weight if it only counts
     * @param wanted
     *            whether a probe wants a node's result, which then must be materialised
     */
    Lowering(Graph graph, WeightStore store, DeviceWeights deviceWeights, TilePolicy policy, Predicate<Node> wanted) {
        this.operands = new Operands(graph, store, deviceWeights, wanted);
        this.gemms = new GemmLowering(operands, policy);
    }

    /** Number of value elements of a run; final when all nodes have been lowered. */
    long valueCount() {
        return operands.valueCount();
    }

    /** Whether a node's result is materialised; an elided concatenation is not. */
    boolean materialises(Node n) {
        return !operands.isElided(n.output());
    }

    Offset.Values at(Value v) {
        return operands.at(v);
    }

    Step step(Node n) {
        return switch (n.op()) {
            case Op.Input i -> Step.NONE;
            case Op.Reshape r -> Step.NONE;
            case Op.Identity i -> Step.NONE;
            case Op.Conv2d c -> new Step.Launches(gemms.conv(n, c));
            case Op.Linear l -> new Step.Launches(gemms.linear(n, l));
            case Op.GroupNorm g -> new Step.Launches(groupNorm(n, g));
            case Op.LayerNorm l ->
                    rowNorm(n, new RowNorm.Form.Layer(operands.vector(n, 0), operands.vector(n, 1)), l.eps());
            case Op.L2Normalize l -> rowNorm(n, new RowNorm.Form.Euclidean(), l.eps());
            case Op.BatchNorm b -> batchNorm(n, b);
            case Op.Activate a -> elementwise(n, new Elementwise.Function.Activate(a.function()));
            case Op.Add a -> elementwise(n, addition(n));
            case Op.ScaleShift s ->
                    elementwise(n, new Elementwise.Function.ScaleShift(operands.input(n, 1), operands.input(n, 2)));
            case Op.Geglu g -> elementwise(n, new Elementwise.Function.Geglu());
            case Op.Attention a -> Step.of(attention(n, a));
            case Op.Concat c -> materialises(n) ? concat(n) : Step.NONE;
            case Op.Slice s ->
                    copy(n, operands.input(n, 0).plus(s.from()), n.inputs().getFirst().channels(), CopyRows.Rows.ALL);
            case Op.Token t -> copy(n, operands.input(n, 0), n.output().channels(),
                    new CopyRows.Rows.Strided(t.index(), n.inputs().getFirst().dim(1)));
            case Op.TableRows t ->
                    copy(n, operands.table(n), t.channels(), new CopyRows.Rows.Strided(t.first(), t.step()));
            case Op.GridPositions g -> copy(n,
                    operands.deviceWeights().table(g, Operands.length(n), () -> GridPositions.of(g)), g.channels(),
                    CopyRows.Rows.ALL);
            case Op.Embedding e -> embedding(n, e);
            case Op.Upsample u -> upsample(n, u);
            case Op.MaxPool m -> Step.of(new MaxPool(m, operands.input(n, 0), n.inputs().getFirst().shape(),
                    operands.output(n), n.shape()));
            case Op.MeanPool m ->
                    Step.of(new MeanPool(operands.input(n, 0), n.inputs().getFirst().shape(), operands.output(n)));
            case Op.TimestepEmbedding t -> timesteps(n, t);
            case Op.Round r ->
                    Step.of(new RoundValues(rounding(r.to()), operands.input(n, 0), operands.output(n),
                            Operands.length(n)));
        };
    }

    private List<Launch> groupNorm(Node n, Op.GroupNorm g) {
        Value x = n.inputs().getFirst();
        List<Value> parts = operands.isElided(x) ? operands.producer(x).inputs() : List.of(x);
        GroupNorm.Input input = new GroupNorm.Input(operands.at(parts.getFirst()), parts.getFirst().channels(),
                operands.at(parts.getLast()), n.shape(), g.groups());
        Offset.Tables eps = operands.constant(g.eps());
        return GroupNorm.passes(input, operands.scratch(input.statistics()),
                new GroupNorm.Parameters(operands.vector(n, 0), operands.vector(n, 1), eps), g.activation(),
                operands.output(n));
    }

    private Step rowNorm(Node n, RowNorm.Form form, double eps) {
        return Step.of(new RowNorm(form, operands.input(n, 0), n.shape(), operands.constant(eps), operands.output(n)));
    }

    private Step batchNorm(Node n, Op.BatchNorm b) {
        FoldedBatchNorm norm = gemms.norm(n, 0, b);
        int channels = n.output().channels();
        return elementwise(n, new Elementwise.Function.Affine(
                operands.deviceWeights().table(operands.key(n, 0, "scale"), channels, () -> floats(norm.scale())),
                operands.deviceWeights().table(operands.key(n, 0, "shift"), channels, () -> floats(norm.shift()))));
    }

    private static float[] floats(double[] a) {
        float[] f = new float[a.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) a[i];
        }
        return f;
    }

    private Step elementwise(Node n, Elementwise.Function f) {
        return Step.of(new Elementwise(f, operands.input(n, 0), operands.output(n), n.shape()));
    }

    private Elementwise.Function addition(Node n) {
        Offset.Values y = operands.input(n, 1);
        Shape a = n.shape();
        Shape b = n.inputs().get(1).shape();
        if (a.equals(b)) {
            return new Elementwise.Function.Add(y);
        }
        return b.rank() == 2 && a.rank() > 2
                ? new Elementwise.Function.AddVector(y)
                : new Elementwise.Function.AddSample(y);
    }

    private Launch attention(Node n, Op.Attention a) {
        Shape q = n.shape();
        Attention exact = new Attention(operands.input(n, 0), operands.input(n, 1), operands.input(n, 2),
                a.masked() ? operands.input(n, 3) : Offset.Values.NONE, operands.output(n), q.dim(0), q.dim(1),
                n.inputs().get(1).dim(1), q.dim(2), a.heads(), operands.constant(a.scale()));
        return a.weights() == Precision.NONE ? exact : new RoundedAttention(exact, rounding(a.weights()));
    }

    private Rounding rounding(Precision p) {
        return Rounding.to(p, operands.deviceWeights());
    }

    /** Copies all rows of the result. */
    private Step copy(Node n, Offset.Source source, int sourceChannels, CopyRows.Rows rows) {
        int channels = n.output().channels();
        return Step.of(
                new CopyRows(source, sourceChannels, rows, operands.output(n), Operands.length(n), channels, channels));
    }

    private Step concat(Node n) {
        List<Launch> parts = new ArrayList<>();
        int offset = 0;
        for (Value v : n.inputs()) {
            parts.add(new CopyRows(operands.at(v), v.channels(), CopyRows.Rows.ALL, operands.output(n).plus(offset),
                    Math.toIntExact(v.shape().elements()), v.channels(), n.output().channels()));
            offset += v.channels();
        }
        return new Step.Launches(parts);
    }

    private Step upsample(Node n, Op.Upsample u) {
        Shape in = n.inputs().getFirst().shape();
        return copy(n, operands.input(n, 0), in.dim(3),
                new CopyRows.Rows.Nearest(operands.constant((float) in.dim(1) / u.height()),
                        operands.constant((float) in.dim(2) / u.width()), in, n.shape()));
    }

    /** Network input on which an operation depends that runs partly on the host. */
    private String hostInput(Node n) {
        Node from = operands.producer(n.inputs().getFirst());
        if (!(from.op() instanceof Op.Input)) {
            throw new IllegalArgumentException(n.name() + " can only be applied to an input of the network");
        }
        return from.name();
    }

    /** Token ids are range-checked on the host. */
    private Step embedding(Node n, Op.Embedding e) {
        int vocabulary = n.weights().getFirst().shape().dim(0);
        String ids = hostInput(n);
        Step lookup = copy(n, operands.table(n), e.channels(), new CopyRows.Rows.Gather(operands.input(n, 0)));
        return (device, inputs) -> {
            for (double id : inputs.get(ids).data()) {
                if (!(id >= 0 && id < vocabulary)) {
                    throw new IllegalArgumentException("token id " + (long) id + " is outside the vocabulary");
                }
            }
            lookup.run(device, inputs);
        };
    }

    /** Computed on the host: the rounding of these few hundred sines is part of the model. */
    private Step timesteps(Node n, Op.TimestepEmbedding t) {
        float[] frequencies = TimestepEmbedding.frequencies(t.dim(), t.shift());
        String input = hostInput(n);
        return (device, inputs) -> {
            Tensor steps = inputs.get(input);
            float[] out = new float[Operands.length(n)];
            for (int b = 0; b < steps.data().length; b++) {
                TimestepEmbedding.embed(t, frequencies, (float) steps.data()[b], out, b * t.dim());
            }
            device.uploads().values(operands.output(n), out);
        };
    }
}
