package radedit.exec.cpu;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import radedit.exec.BackendException;
import radedit.exec.FoldedBatchNorm;
import radedit.exec.GridPositions;
import radedit.exec.NodeWeights;
import radedit.exec.TimestepEmbedding;
import radedit.graph.Epilogue;
import radedit.graph.Graph;
import radedit.graph.MemoryPlan;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Probe;
import radedit.graph.Value;
import radedit.graph.Weight;
import radedit.safetensors.TensorData;
import radedit.tensor.Shape;
import radedit.weights.WeightStore;

/** Chooses a kernel for each node and binds it to offsets in the arena. */
final class Compiler {
    private final MemoryPlan plan;
    private final int zeroAt;
    private final long arenaSize;
    private final @Nullable WeightStore weights;

    /**
     * @param weights
     *            null to compute sizes only
     * @param probe
     *            may replace values; a view that it replaces is a copy, so that the source of the view is unchanged
     */
    Compiler(Graph graph, @Nullable WeightStore weights, Probe probe) {
        this.plan = MemoryPlan.of(graph, Set.of(), Set.of(),
                graph.nodes().stream().filter(n -> n.isView() && probe.replaces(n.resultName()))
                        .map(n -> n.output().id()).collect(Collectors.toSet()));
        this.weights = weights;
        int padding = graph.nodes().stream()
                .mapToInt(n -> n.op() instanceof Op.Conv2d c ? c.kernel() * n.inputs().getFirst().channels() : 0).max()
                .orElse(0);
        // Zeros for one row of a kernel, for padding; then room for the last vector of the last value.
        this.arenaSize = Memory.ALIGNED + plan.size() + padding + 2L * MicroKernel.WIDTH;
        if (arenaSize > Integer.MAX_VALUE - 8) {
            throw new BackendException("this size and batch need " + (arenaSize >> 28)
                    + " GB in one piece; the cpu backend can address 8 GB");
        }
        this.zeroAt = Memory.ALIGNED + (int) plan.size();
    }

    long arenaSize() {
        return arenaSize;
    }

    /** Offset of the zeros for padding; they extend to the end of the arena. */
    int zeroAt() {
        return zeroAt;
    }

    int offset(Value v) {
        return Memory.ALIGNED + (int) plan.offset(v);
    }

    /** The kernel for a node; null for views and inputs. */
    @Nullable
    Step step(Node n) {
        int out = offset(n.output());
        // Operations without inputs read neither x nor in.
        int x = n.inputs().isEmpty() ? -1 : offset(n.inputs().getFirst());
        Shape in = n.inputs().isEmpty() ? Shape.of() : n.inputs().getFirst().shape();
        int length = Math.toIntExact(n.shape().elements());
        int channels = n.output().channels();
        int rows = channels == 0 ? 0 : length / channels;
        return switch (n.op()) {
            case Op.Input i -> null;
            case Op.Reshape r -> copy(length, x, out);
            case Op.Identity i -> copy(length, x, out);
            case Op.Conv2d c -> conv(n, c, in, x);
            case Op.Linear l -> new LinearStep(new MappedWeights(data(n, 0)), rows, l.epilogue().geglu(),
                    epilogue(n, l.epilogue(), l.outFeatures(), l.bias()), x);
            case Op.GroupNorm g -> new GroupNormStep(in.dim(0), rows / in.dim(0), channels, g.groups(), g.eps(),
                    floats(n, 0), floats(n, 1), g.activation(), x, out);
            case Op.BatchNorm b -> batchNorm(norm(n, 0, b), rows, channels, x, out);
            case Op.MaxPool m -> new MaxPoolStep(m, in, n.shape(), x, out);
            case Op.MeanPool m -> meanPool(in, x, out);
            case Op.LayerNorm l -> new LayerNormStep(rows, channels, l.eps(), floats(n, 0), floats(n, 1), x, out);
            case Op.Activate a -> ElementwiseStep.activation(a.function(), length, x, out);
            case Op.Round r -> ElementwiseStep.rounded(r.to(), length, x, out);
            case Op.Add a -> add(n, length, x, out);
            case Op.ScaleShift s -> scaleShift(n, rows, channels, x, out);
            case Op.Geglu g -> new GegluStep(rows, channels, x, out);
            case Op.Attention a -> attention(n, a, in, x, out);
            case Op.Concat c -> concat(n, rows, channels, out);
            case Op.Upsample u -> upsample(u, in, rows, channels, x, out);
            case Op.Slice s -> new RowsStep(rows, channels, (arena, r) -> System.arraycopy(arena,
                    x + r * in.dim(-1) + s.from(), arena, out + r * channels, channels));
            case Op.Embedding e -> embedding(n, rows, channels, x, out);
            case Op.TableRows t -> tableRows(n, t, out);
            case Op.TimestepEmbedding t -> timestepEmbedding(t, rows, x, out);
            case Op.GridPositions g -> {
                float[] values = GridPositions.of(g);
                yield new RowsStep(1, length, (arena, r) -> System.arraycopy(values, 0, arena, out, length));
            }
            case Op.Token t -> new RowsStep(rows, channels, (arena, r) -> System.arraycopy(arena,
                    x + (r * in.dim(1) + t.index()) * channels, arena, out + r * channels, channels));
            case Op.L2Normalize l -> l2Normalize(l.eps(), rows, channels, x, out);
        };
    }

    /** Null for a view. */
    private static @Nullable Step copy(int length, int x, int out) {
        return x == out ? null : new RowsStep(1, length, (arena, r) -> System.arraycopy(arena, x, arena, out, length));
    }

    private TensorData data(Node n, int index) {
        if (weights == null) {
            return TensorData.placeholder(n.weights().get(index).shape());
        }
        return NodeWeights.of(weights, n.weights().get(index));
    }

    /** A small parameter, followed by enough zeros to read whole vectors. */
    private float[] floats(Node n, int index) {
        Weight w = n.weights().get(index);
        float[] padded = new float[Math.toIntExact(w.shape().elements()) + 2 * MicroKernel.WIDTH];
        if (weights != null) {
            data(n, index).copyTo(0, Math.toIntExact(w.shape().elements()), padded, 0);
        }
        return padded;
    }

    private EpilogueKernel epilogue(Node n, Epilogue e, int columns, boolean bias) {
        return epilogue(n, e, bias ? floats(n, 1) : new float[columns + 2 * MicroKernel.WIDTH]);
    }

    private EpilogueKernel epilogue(Node n, Epilogue e, float[] b) {
        int next = 1;
        int rowBias = e.rowBias() ? offset(n.inputs().get(next++)) : -1;
        int residual = e.residual() ? offset(n.inputs().get(next)) : -1;
        int perSample = Math.toIntExact(n.shape().rows()) / Math.max(1, n.shape().dim(0));
        return new EpilogueKernel(b, rowBias, residual, e.activation(), offset(n.output()), n.output().channels(),
                perSample);
    }

    private Step conv(Node n, Op.Conv2d c, Shape in, int x) {
        FoldedBatchNorm norm = c.norm() == null ? null : norm(n, c.bias() ? 2 : 1, c.norm());
        Weights mapped = new MappedWeights(data(n, 0));
        Weights weight = norm == null || weights == null ? mapped : new FoldedWeights(mapped, norm);
        float[] bias = c.bias() ? floats(n, 1) : new float[c.outChannels() + 2 * MicroKernel.WIDTH];
        EpilogueKernel epilogue = epilogue(n, c.epilogue(), norm == null ? bias : norm.foldBias(bias));
        ConvGeometry g = ConvGeometry.of(c, in, n.shape(), x, zeroAt);
        boolean pointwise = c.kernel() == 1 && c.stride() == 1 && !c.upsample() && g.height() == g.outHeight()
                && g.width() == g.outWidth();
        if (pointwise) {
            return new LinearStep(weight, g.rows(), false, epilogue, x);
        }
        return WinogradStep.fits(g) ? new WinogradStep(weight, g, epilogue) : new DirectConvStep(weight, g, epilogue);
    }

    /** The batch norm whose four parameters start at this index of the node's weights. */
    private FoldedBatchNorm norm(Node n, int index, Op.BatchNorm norm) {
        return weights == null
                ? FoldedBatchNorm.identity(n.output().channels())
                : FoldedBatchNorm.of(norm,
                        List.of(data(n, index), data(n, index + 1), data(n, index + 2), data(n, index + 3)));
    }

    private static Step batchNorm(FoldedBatchNorm norm, int rows, int channels, int x, int out) {
        return new RowsStep(rows, channels, (arena, r) -> {
            for (int c = 0; c < channels; c++) {
                arena[out + r * channels + c] = norm.apply(arena[x + r * channels + c], c);
            }
        });
    }

    private static Step meanPool(Shape in, int x, int out) {
        int channels = in.dim(-1);
        int pixels = in.dim(1) * in.dim(2);
        return new RowsStep(in.dim(0), channels, (arena, b) -> {
            double[] sum = new double[channels];
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < channels; c++) {
                    sum[c] += arena[x + (b * pixels + p) * channels + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                arena[out + b * channels + c] = (float) (sum[c] / pixels);
            }
        });
    }

    private Step add(Node n, int length, int x, int out) {
        Shape a = n.shape();
        Shape b = n.inputs().get(1).shape();
        int y = offset(n.inputs().get(1));
        if (a.equals(b)) {
            return ElementwiseStep.sum(length, x, y, out);
        }
        int channels = a.dim(-1);
        int rows = length / channels;
        int perSample = rows / a.dim(0);
        boolean rowBias = b.rank() == 2 && a.rank() > 2;
        return new RowsStep(rows, channels, (arena, r) -> {
            int other = y + (rowBias ? r / perSample : r % perSample) * channels;
            for (int c = 0; c < channels; c++) {
                arena[out + r * channels + c] = arena[x + r * channels + c] + arena[other + c];
            }
        });
    }

    private Step scaleShift(Node n, int rows, int channels, int x, int out) {
        int scale = offset(n.inputs().get(1));
        int shift = offset(n.inputs().get(2));
        int perSample = rows / n.shape().dim(0);
        return new RowsStep(rows, channels, (arena, r) -> {
            int sample = r / perSample * channels;
            for (int c = 0; c < channels; c++) {
                arena[out + r * channels + c] = arena[x + r * channels + c] * (1 + arena[scale + sample + c])
                        + arena[shift + sample + c];
            }
        });
    }

    private Step attention(Node n, Op.Attention a, Shape in, int x, int out) {
        int mask = a.masked() ? offset(n.inputs().get(3)) : -1;
        return new AttentionStep(in.dim(0), a.heads(), in.dim(1), n.inputs().get(1).dim(1), in.dim(2), a.scale(), x,
                offset(n.inputs().get(1)), offset(n.inputs().get(2)), mask, out, a.weights());
    }

    private Step concat(Node n, int rows, int channels, int out) {
        List<Value> parts = n.inputs();
        return new RowsStep(rows, channels, (arena, r) -> {
            int to = out + r * channels;
            for (Value p : parts) {
                int each = p.channels();
                System.arraycopy(arena, offset(p) + r * each, arena, to, each);
                to += each;
            }
        });
    }

    private static Step upsample(Op.Upsample u, Shape in, int rows, int channels, int x, int out) {
        float down = (float) in.dim(1) / u.height();
        float across = (float) in.dim(2) / u.width();
        return new RowsStep(rows, channels, (arena, r) -> {
            int iy = Math.min((int) (r / u.width() % u.height() * down), in.dim(1) - 1);
            int ix = Math.min((int) (r % u.width() * across), in.dim(2) - 1);
            int sample = r / u.width() / u.height();
            System.arraycopy(arena, x + ((sample * in.dim(1) + iy) * in.dim(2) + ix) * channels, arena,
                    out + r * channels, channels);
        });
    }

    private Step embedding(Node n, int rows, int channels, int x, int out) {
        TensorData table = data(n, 0);
        return new RowsStep(rows, channels, (arena, r) -> {
            int id = (int) arena[x + r];
            if (id < 0 || id >= table.shape().dim(0)) {
                throw new IllegalArgumentException("token id " + id + " is outside the vocabulary");
            }
            table.copyTo((long) id * channels, channels, arena, out + r * channels);
        });
    }

    private Step tableRows(Node n, Op.TableRows t, int out) {
        TensorData table = data(n, 0);
        return new RowsStep(t.count(), t.channels(),
                (arena, r) -> table.copyTo((long) (t.first() + r * t.step()) * t.channels(), t.channels(), arena,
                        out + r * t.channels()));
    }

    private static Step timestepEmbedding(Op.TimestepEmbedding t, int rows, int x, int out) {
        float[] frequencies = TimestepEmbedding.frequencies(t.dim(), t.shift());
        return new RowsStep(rows, t.dim(),
                (arena, r) -> TimestepEmbedding.embed(t, frequencies, arena[x + r], arena, out + r * t.dim()));
    }

    private static Step l2Normalize(double eps, int rows, int channels, int x, int out) {
        return new RowsStep(rows, channels, (arena, r) -> {
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                sum += (double) arena[x + r * channels + c] * arena[x + r * channels + c];
            }
            double norm = Math.max(Math.sqrt(sum), eps);
            for (int c = 0; c < channels; c++) {
                arena[out + r * channels + c] = (float) (arena[x + r * channels + c] / norm);
            }
        });
    }
}
