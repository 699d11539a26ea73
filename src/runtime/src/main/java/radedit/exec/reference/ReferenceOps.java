package radedit.exec.reference;

import java.util.Arrays;
import java.util.List;

import org.apache.commons.math3.special.Erf;

import org.jspecify.annotations.Nullable;

import radedit.exec.GridPositions;
import radedit.exec.TimestepEmbedding;
import radedit.exec.Workers;
import radedit.graph.Activation;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Padding;
import radedit.tensor.Shape;

/**
 * The definition of each operation. Pictures are NHWC, all arrays row-major. Every sum, product, quotient and function
 * value passes through a {@link Rounding}; a product and the addition of it are one operation, as in hardware.
 */
final class ReferenceOps {
    private final Workers workers;
    private final Arithmetic.NodeRounding roundings;

    /**
     * @param roundings
     *            rounds the results of the operations of one node
     */
    ReferenceOps(Workers workers, Arithmetic.NodeRounding roundings) {
        this.workers = workers;
        this.roundings = roundings;
    }

    double[] apply(Node n, List<double[]> in, List<double[]> w) {
        // Operations without inputs read neither x nor shape.
        double[] x = in.isEmpty() ? new double[0] : in.getFirst();
        Shape shape = n.inputs().isEmpty() ? Shape.of() : n.inputs().getFirst().shape();
        return switch (n.op()) {
            case Op.Conv2d c -> conv2d(c, x, shape, n.shape(), w.get(0), c.bias() ? w.get(1) : null);
            case Op.Linear l -> linear(x, shape, l.outFeatures(), w.get(0), l.bias() ? w.get(1) : null);
            case Op.GroupNorm g -> groupNorm(g, x, shape, w.get(0), w.get(1));
            case Op.BatchNorm b -> batchNorm(b.eps(), x, shape, w);
            case Op.MaxPool m -> maxPool(m, x, shape, n.shape());
            case Op.MeanPool m -> meanPool(x, shape);
            case Op.LayerNorm l -> layerNorm(l.eps(), x, shape, w.get(0), w.get(1));
            case Op.Activate a -> activate(a.function(), x);
            case Op.Add a -> add(x, shape, in.get(1), n.inputs().get(1).shape());
            case Op.ScaleShift s -> scaleShift(x, shape, in.get(1), in.get(2));
            case Op.Geglu g -> geglu(x, shape);
            case Op.Attention a -> attention(a, in, shape, n.inputs().get(1).shape());
            case Op.Concat c -> concat(n, in);
            case Op.Upsample u -> upsample(x, shape, u.height(), u.width());
            case Op.Slice s -> slice(x, shape, s.from(), s.to());
            case Op.Embedding e -> embedding(x, e.channels(), w.getFirst());
            case Op.TableRows t -> tableRows(t, w.getFirst());
            case Op.TimestepEmbedding t -> timestepEmbedding(t, x);
            case Op.GridPositions g -> gridPositions(g);
            case Op.Token t -> token(x, shape, t.index());
            case Op.L2Normalize l -> l2Normalize(l.eps(), x, shape);
            case Op.Round r -> round(r, x);
            case Op.Reshape r -> x;
            case Op.Identity i -> x;
            case Op.Input i -> throw new IllegalArgumentException("an input is fed, not computed");
        };
    }

    /** Sums over kernel rows, kernel columns and input channels, in this order. */
    private double[] conv2d(Op.Conv2d c, double[] x, Shape in, Shape out, double[] weight, double @Nullable [] bias) {
        if (c.upsample() || c.norm() != null || !c.epilogue().isNone()) {
            throw new IllegalArgumentException("this backend runs graphs without fusion");
        }
        int height = in.dim(1);
        int width = in.dim(2);
        int channels = in.dim(3);
        int outHeight = out.dim(1);
        int outWidth = out.dim(2);
        int outChannels = c.outChannels();
        int k = c.kernel();
        Padding pad = c.padding();
        // [ky, kx, in][out], so that the innermost loop is contiguous
        double[][] w = new double[weight.length / outChannels][outChannels];
        for (int o = 0; o < outChannels; o++) {
            for (int i = 0; i < channels; i++) {
                for (int t = 0; t < k * k; t++) {
                    w[t * channels + i][o] = weight[(o * channels + i) * k * k + t];
                }
            }
        }
        double[] y = new double[Math.toIntExact(out.elements())];
        workers.run(out.dim(0) * outHeight, (row, worker) -> {
            int b = row / outHeight;
            int oy = row % outHeight;
            Rounding r = roundings.task(row);
            double[] sum = new double[outChannels];
            for (int ox = 0; ox < outWidth; ox++) {
                Arrays.fill(sum, 0);
                for (int ky = 0; ky < k; ky++) {
                    int iy = oy * c.stride() + ky - pad.top();
                    for (int kx = 0; kx < k; kx++) {
                        int ix = ox * c.stride() + kx - pad.left();
                        if (iy < 0 || iy >= height || ix < 0 || ix >= width) {
                            continue;
                        }
                        int at = ((b * height + iy) * width + ix) * channels;
                        int tap = (ky * k + kx) * channels;
                        r.addProducts(sum, x, at, channels, w, tap);
                    }
                }
                store(y, (row * outWidth + ox) * outChannels, sum, bias, r);
            }
        });
        return y;
    }

    private double[] linear(double[] x, Shape in, int outFeatures, double[] weight, double @Nullable [] bias) {
        int features = in.dim(-1);
        int rows = Math.toIntExact(in.rows());
        double[][] w = new double[features][outFeatures];
        for (int o = 0; o < outFeatures; o++) {
            for (int i = 0; i < features; i++) {
                w[i][o] = weight[o * features + i];
            }
        }
        double[] y = new double[Math.multiplyExact(rows, outFeatures)];
        workers.run(rows, (row, worker) -> {
            Rounding r = roundings.task(row);
            double[] sum = new double[outFeatures];
            r.addProducts(sum, x, row * features, features, w, 0);
            store(y, row * outFeatures, sum, bias, r);
        });
        return y;
    }

    private static void store(double[] y, int at, double[] sum, double @Nullable [] bias, Rounding r) {
        for (int o = 0; o < sum.length; o++) {
            y[at + o] = r.of(sum[o] + (bias == null ? 0 : bias[o]));
        }
    }

    private double[] groupNorm(Op.GroupNorm g, double[] x, Shape shape, double[] scale, double[] shift) {
        if (g.activation() != Activation.NONE) {
            throw new IllegalArgumentException("this backend runs graphs without fusion");
        }
        int channels = shape.dim(-1);
        int each = channels / g.groups();
        int pixels = Math.toIntExact(shape.rows()) / shape.dim(0);
        double[] y = new double[x.length];
        workers.run(shape.dim(0) * g.groups(), (task, worker) -> {
            Rounding r = roundings.task(task);
            int base = task / g.groups() * pixels * channels + task % g.groups() * each;
            double mean = 0;
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < each; c++) {
                    mean = r.of(mean + x[base + p * channels + c]);
                }
            }
            mean = r.of(mean / ((double) pixels * each));
            double variance = 0;
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < each; c++) {
                    double d = r.of(x[base + p * channels + c] - mean);
                    variance = r.of(variance + d * d);
                }
            }
            double inverse = inverseDeviation(r.of(variance / ((double) pixels * each)), g.eps(), r);
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < each; c++) {
                    int channel = task % g.groups() * each + c;
                    int i = base + p * channels + c;
                    y[i] = r.of(r.of(r.of(x[i] - mean) * inverse) * scale[channel] + shift[channel]);
                }
            }
        });
        return y;
    }

    private static double inverseDeviation(double variance, double eps, Rounding r) {
        return r.of(1 / r.of(Math.sqrt(r.of(variance + eps))));
    }

    private double[] batchNorm(double eps, double[] x, Shape shape, List<double[]> w) {
        int channels = shape.dim(-1);
        Rounding r = roundings.task(0);
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            double deviation = r.of(Math.sqrt(r.of(w.get(3)[c] + eps)));
            y[i] = r.of(r.of(r.of(x[i] - w.get(2)[c]) / deviation) * w.get(0)[c] + w.get(1)[c]);
        }
        return y;
    }

    private static double[] maxPool(Op.MaxPool m, double[] x, Shape in, Shape out) {
        int channels = in.dim(3);
        double[] y = new double[Math.toIntExact(out.elements())];
        Arrays.fill(y, Double.NEGATIVE_INFINITY);
        for (int row = 0; row < y.length / channels; row++) {
            int b = row / out.dim(2) / out.dim(1);
            for (int t = 0; t < m.kernel() * m.kernel(); t++) {
                int iy = row / out.dim(2) % out.dim(1) * m.stride() + t / m.kernel() - m.padding();
                int ix = row % out.dim(2) * m.stride() + t % m.kernel() - m.padding();
                if (iy < 0 || ix < 0 || iy >= in.dim(1) || ix >= in.dim(2)) {
                    continue;
                }
                int at = ((b * in.dim(1) + iy) * in.dim(2) + ix) * channels;
                for (int c = 0; c < channels; c++) {
                    y[row * channels + c] = Math.max(y[row * channels + c], x[at + c]);
                }
            }
        }
        return y;
    }

    private double[] meanPool(double[] x, Shape in) {
        Rounding r = roundings.task(0);
        int channels = in.dim(-1);
        int perSample = x.length / in.dim(0);
        double[] y = new double[in.dim(0) * channels];
        for (int i = 0; i < x.length; i++) {
            int to = i / perSample * channels + i % channels;
            y[to] = r.of(y[to] + x[i]);
        }
        int positions = perSample / channels;
        for (int i = 0; i < y.length; i++) {
            y[i] = r.of(y[i] / positions);
        }
        return y;
    }

    private static double[] gridPositions(Op.GridPositions g) {
        float[] values = GridPositions.of(g);
        double[] y = new double[values.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = values[i];
        }
        return y;
    }

    private double[] layerNorm(double eps, double[] x, Shape shape, double[] scale, double[] shift) {
        int channels = shape.dim(-1);
        double[] y = new double[x.length];
        workers.run(x.length / channels, (row, worker) -> {
            Rounding r = roundings.task(row);
            int base = row * channels;
            double mean = 0;
            for (int c = 0; c < channels; c++) {
                mean = r.of(mean + x[base + c]);
            }
            mean = r.of(mean / channels);
            double variance = 0;
            for (int c = 0; c < channels; c++) {
                double d = r.of(x[base + c] - mean);
                variance = r.of(variance + d * d);
            }
            double inverse = inverseDeviation(r.of(variance / channels), eps, r);
            for (int c = 0; c < channels; c++) {
                y[base + c] = r.of(r.of(r.of(x[base + c] - mean) * inverse) * scale[c] + shift[c]);
            }
        });
        return y;
    }

    private double[] activate(Activation f, double[] x) {
        double[] y = new double[x.length];
        inChunks(x.length, (from, to, r) -> {
            for (int i = from; i < to; i++) {
                y[i] = switch (f) {
                    case NONE -> x[i];
                    case SILU -> r.of(x[i] / r.of(1 + r.of(Math.exp(-x[i]))));
                    case GELU -> gelu(x[i], r);
                    case RELU -> Math.max(x[i], 0);
                };
            }
        });
        return y;
    }

    private static double gelu(double x, Rounding r) {
        return r.of(x / 2 * r.of(1 + r.of(Erf.erf(r.of(x / Math.sqrt(2))))));
    }

    private double[] add(double[] a, Shape as, double[] b, Shape bs) {
        Rounding r = roundings.task(0);
        double[] y = new double[a.length];
        int channels = as.dim(-1);
        int perSample = a.length / as.dim(0);
        boolean rowBias = bs.rank() == 2 && as.rank() > 2;
        for (int i = 0; i < a.length; i++) {
            int j = rowBias ? i / perSample * channels + i % channels : i % b.length;
            y[i] = r.of(a[i] + b[j]);
        }
        return y;
    }

    private double[] scaleShift(double[] x, Shape shape, double[] scale, double[] shift) {
        Rounding r = roundings.task(0);
        double[] y = new double[x.length];
        int channels = shape.dim(-1);
        int perSample = x.length / shape.dim(0);
        for (int i = 0; i < x.length; i++) {
            int j = i / perSample * channels + i % channels;
            y[i] = r.of(x[i] * r.of(1 + scale[j]) + shift[j]);
        }
        return y;
    }

    private double[] geglu(double[] x, Shape shape) {
        int half = shape.dim(-1) / 2;
        double[] y = new double[x.length / 2];
        inChunks(y.length, (from, to, r) -> {
            for (int i = from; i < to; i++) {
                int at = i / half * 2 * half + i % half;
                y[i] = r.of(x[at] * gelu(x[at + half], r));
            }
        });
        return y;
    }

    private double[] attention(Op.Attention a, List<double[]> in, Shape query, Shape key) {
        double[] q = in.get(0);
        double[] k = in.get(1);
        double[] v = in.get(2);
        double[] mask = a.masked() ? in.get(3) : null;
        int channels = query.dim(-1);
        int each = channels / a.heads();
        int queries = query.dim(1);
        int keys = key.dim(1);
        double[] y = new double[q.length];
        double[][] transposedKeys = perHead(k, key, a.heads(), true);
        double[][] values = perHead(v, key, a.heads(), false);
        workers.run(query.dim(0) * a.heads() * queries, (task, worker) -> {
            Rounding r = roundings.task(task);
            int row = task % queries;
            int head = task / queries % a.heads();
            int b = task / queries / a.heads();
            int at = (b * queries + row) * channels + head * each;
            int block = b * a.heads() + head;
            double[] p = new double[keys];
            r.addProducts(p, q, at, each, transposedKeys, block * each);
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < keys; j++) {
                p[j] = mask != null && mask[b * keys + j] == 0 ? Double.NEGATIVE_INFINITY : r.of(p[j] * a.scale());
                max = Math.max(max, p[j]);
            }
            double sum = 0;
            for (int j = 0; j < keys; j++) {
                p[j] = r.of(Math.exp(r.of(p[j] - max)));
                sum = r.of(sum + p[j]);
            }
            for (int j = 0; j < keys; j++) {
                p[j] = r.of(a.weights().round(p[j]) / sum);
            }
            double[] out = new double[each];
            r.addProducts(out, p, 0, keys, values, block * keys);
            System.arraycopy(out, 0, y, at, each);
        });
        return y;
    }

    private static double[] round(Op.Round r, double[] x) {
        return Arrays.stream(x).map(r.to()::round).toArray();
    }

    /** [b, rows, heads * each] as [b, heads, rows][each], or as [b, heads, each][rows]. */
    private static double[][] perHead(double[] x, Shape shape, int heads, boolean transposed) {
        int rows = shape.dim(1);
        int channels = shape.dim(-1);
        int each = channels / heads;
        int blocks = shape.dim(0) * heads;
        double[][] y = transposed ? new double[blocks * each][rows] : new double[blocks * rows][each];
        for (int i = 0; i < x.length; i++) {
            int c = i % channels;
            int row = i / channels % rows;
            int block = i / channels / rows * heads + c / each;
            if (transposed) {
                y[block * each + c % each][row] = x[i];
            } else {
                y[block * rows + row][c % each] = x[i];
            }
        }
        return y;
    }

    private static double[] concat(Node n, List<double[]> in) {
        int channels = n.output().channels();
        double[] y = new double[Math.toIntExact(n.shape().elements())];
        int offset = 0;
        for (int part = 0; part < in.size(); part++) {
            int each = n.inputs().get(part).channels();
            for (int row = 0; row < y.length / channels; row++) {
                System.arraycopy(in.get(part), row * each, y, row * channels + offset, each);
            }
            offset += each;
        }
        return y;
    }

    /** The ratio is rounded to float32 before it is used, as PyTorch does. */
    private static double[] upsample(double[] x, Shape in, int height, int width) {
        int channels = in.dim(3);
        double[] y = new double[Math.toIntExact(in.with(1, height).with(2, width).elements())];
        for (int b = 0; b < in.dim(0); b++) {
            for (int oy = 0; oy < height; oy++) {
                int iy = nearest(oy, in.dim(1), height);
                for (int ox = 0; ox < width; ox++) {
                    int ix = nearest(ox, in.dim(2), width);
                    System.arraycopy(x, ((b * in.dim(1) + iy) * in.dim(2) + ix) * channels, y,
                            ((b * height + oy) * width + ox) * channels, channels);
                }
            }
        }
        return y;
    }

    private static int nearest(int out, int inSize, int outSize) {
        return Math.min((int) (out * ((float) inSize / outSize)), inSize - 1);
    }

    private static double[] slice(double[] x, Shape shape, int from, int to) {
        int channels = shape.dim(-1);
        int rows = x.length / channels;
        double[] y = new double[rows * (to - from)];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(x, row * channels + from, y, row * (to - from), to - from);
        }
        return y;
    }

    private static double[] embedding(double[] ids, int channels, double[] table) {
        double[] y = new double[ids.length * channels];
        for (int i = 0; i < ids.length; i++) {
            int id = (int) ids[i];
            if (id < 0 || id >= table.length / channels) {
                throw new IllegalArgumentException("token id " + id + " is outside the vocabulary");
            }
            System.arraycopy(table, id * channels, y, i * channels, channels);
        }
        return y;
    }

    private static double[] tableRows(Op.TableRows t, double[] table) {
        double[] y = new double[t.count() * t.channels()];
        for (int row = 0; row < t.count(); row++) {
            System.arraycopy(table, (t.first() + row * t.step()) * t.channels(), y, row * t.channels(), t.channels());
        }
        return y;
    }

    private static double[] timestepEmbedding(Op.TimestepEmbedding t, double[] timesteps) {
        float[] frequencies = TimestepEmbedding.frequencies(t.dim(), t.shift());
        float[] row = new float[t.dim()];
        double[] y = new double[timesteps.length * t.dim()];
        for (int b = 0; b < timesteps.length; b++) {
            TimestepEmbedding.embed(t, frequencies, (float) timesteps[b], row, 0);
            for (int i = 0; i < row.length; i++) {
                y[b * t.dim() + i] = row[i];
            }
        }
        return y;
    }

    private static double[] token(double[] x, Shape shape, int index) {
        int channels = shape.dim(2);
        double[] y = new double[shape.dim(0) * channels];
        for (int b = 0; b < shape.dim(0); b++) {
            System.arraycopy(x, (b * shape.dim(1) + index) * channels, y, b * channels, channels);
        }
        return y;
    }

    private double[] l2Normalize(double eps, double[] x, Shape shape) {
        Rounding r = roundings.task(0);
        int channels = shape.dim(-1);
        double[] y = new double[x.length];
        for (int row = 0; row < x.length / channels; row++) {
            double sum = 0;
            for (int c = 0; c < channels; c++) {
                sum = r.of(sum + x[row * channels + c] * x[row * channels + c]);
            }
            double norm = Math.max(r.of(Math.sqrt(sum)), eps);
            for (int c = 0; c < channels; c++) {
                y[row * channels + c] = r.of(x[row * channels + c] / norm);
            }
        }
        return y;
    }

    private interface Chunk {
        void run(int from, int to, Rounding r);
    }

    private void inChunks(int n, Chunk part) {
        int parts = (n + 4095) / 4096;
        workers.run(parts, (task, worker) -> part.run(task * 4096, Math.min(n, (task + 1) * 4096),
                roundings.task(task)));
    }
}
