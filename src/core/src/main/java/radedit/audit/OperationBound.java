package radedit.audit;

import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.exec.FoldedBatchNorm;
import radedit.exec.Workers;
import radedit.graph.Activation;
import radedit.graph.Node;
import radedit.graph.Op;
import radedit.graph.Padding;
import radedit.safetensors.TensorData;
import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * A priori bounds of the rounding errors of single operations, element by element, before fusion. Where an operation's
 * input has an error itself, because both are fused, the error is passed on by the operation's largest derivative.
 * Accuracy.md has the formulas and their sources in a table.
 */
final class OperationBound {
    /** Largest second derivatives of SiLU and GELU, at 0: 1/2 and 2 / sqrt(2 pi). */
    private static final double SILU_CURVATURE = 0.5;
    private static final double GELU_CURVATURE = 0.7979;

    private final Arithmetic arithmetic;
    private final Workers workers;

    OperationBound(Arithmetic arithmetic, Workers workers) {
        this.arithmetic = arithmetic;
        this.workers = workers;
    }

    /** The error of an element. */
    @FunctionalInterface
    private interface Element {
        double error(Rounding r, int i);
    }

    /**
     * {@return the result of an operation with its error}
     *
     * @param n
     *            the operation, not fused
     * @param in
     *            its inputs
     * @param weights
     *            its parameters
     * @param y
     *            its exact result
     */
    Operand of(Node n, List<Operand> in, List<TensorData> weights, double[] y) {
        boolean sums = switch (n.op()) {
            case Op.Add a -> true;
            case Op.Activate a -> true;
            case Op.Geglu g -> true;
            case Op.BatchNorm b -> true;
            case Op.ScaleShift s -> true;
            case Op.Reshape s -> true;
            case Op.Identity s -> true;
            default -> false;
        };
        if (!sums && !in.stream().allMatch(Operand::isExact)) {
            throw new IllegalArgumentException(n.name() + ": nothing can be fused before " + n.op());
        }
        Shape shape = n.shape();
        return switch (n.op()) {
            case Op.Conv2d c -> convolution(c, in.getFirst(), shape, weights, y);
            case Op.Linear l -> products(shape, Magnitudes.linear(in.getFirst().exact(), in.getFirst().channels(),
                    l.outFeatures(), weights.getFirst().toFloats(), workers),
                    arithmetic.products(in.getFirst().channels(), 1), l.bias() ? weights.get(1) : null, y);
            case Op.GroupNorm g -> groupNorm(g, in.getFirst(), weights, y);
            case Op.LayerNorm l -> layerNorm(l, in.getFirst(), weights, y);
            case Op.BatchNorm b -> batchNorm(b, in.getFirst(), weights, y);
            case Op.Attention a -> new AttentionBound(arithmetic, a, in.get(0), in.get(1), in.get(2).exact(),
                    a.masked() ? in.get(3).exact() : null, y).bound(workers);
            case Op.Activate a -> activation(a.function(), in.getFirst(), y);
            case Op.Geglu g -> geglu(in.getFirst(), shape, y);
            case Op.Add a -> add(in.get(0), in.get(1), y);
            case Op.ScaleShift s -> scaleShift(in.get(0), in.get(1), y);
            case Op.MeanPool m -> meanPool(in.getFirst(), shape, y);
            case Op.L2Normalize l -> bounded(shape, y, (r, i) -> r.of(arithmetic.euclidean(shape.dim(-1)) + 1)
                    * Math.abs(y[i]));
            case Op.Embedding e -> table(shape, weights, y);
            case Op.TableRows t -> table(shape, weights, y);
            case Op.Reshape s -> new Operand(shape, y, in.getFirst().worst(), in.getFirst().likely());
            case Op.Identity s -> new Operand(shape, y, in.getFirst().worst(), in.getFirst().likely());
            // Copies, a maximum, roundings that are exactly defined, and what is float32 by definition.
            case Op.Concat c -> Operand.given(shape, y);
            case Op.Upsample u -> Operand.given(shape, y);
            case Op.Slice s -> Operand.given(shape, y);
            case Op.Token t -> Operand.given(shape, y);
            case Op.Round r -> Operand.given(shape, y);
            case Op.MaxPool m -> Operand.given(shape, y);
            case Op.TimestepEmbedding t -> Operand.given(shape, y);
            case Op.GridPositions g -> Operand.given(shape, y);
            case Op.Input i -> Operand.given(shape, y);
        };
    }

    /** A result with the error of each element, and what is lost where numbers are subnormal. */
    private static Operand bounded(Shape shape, double[] y, Element element) {
        float[] worst = new float[y.length];
        float[] likely = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            worst[i] = (float) (element.error(Rounding.WORST_CASE, i) * Rounding.SLACK + 2 * Rounding.TINY);
            likely[i] = (float) element.error(Rounding.INDEPENDENT, i);
        }
        return new Operand(shape, y, worst, likely);
    }

    private Operand convolution(Op.Conv2d c, Operand x, Shape shape, List<TensorData> weights, double[] y) {
        Shape in = x.shape();
        TensorData weight = weights.getFirst();
        int channels = in.dim(-1);
        int taps = c.kernel() * c.kernel();
        TensorData bias = c.bias() ? weights.get(1) : null;
        double direct = arithmetic.products(channels, taps);
        if (!mayUseWinograd(c, channels, weight.dtype())) {
            return products(shape, Magnitudes.convolution(c, x.exact(), in, shape, weight.toFloats(), workers), direct,
                    bias, y);
        }
        double terms = Math.max(direct, arithmetic.winograd(channels));
        float[] magnitudes = new float[y.length];
        for (WinogradMagnitudes m : arithmetic.winogradTiles()) {
            float[] these = m.of(x.exact(), in, c.outChannels(), weight.toFloats(), workers);
            for (int i = 0; i < magnitudes.length; i++) {
                magnitudes[i] = Math.max(magnitudes[i], these[i]);
            }
        }
        return products(shape, magnitudes, terms, bias, y);
    }

    /**
     * Whether a backend may use Winograd's algorithm: this depends on the processor's vectors and on settings, so those
     * that may are judged as if they did. Its bound holds for the direct sum too.
     */
    private boolean mayUseWinograd(Op.Conv2d c, int channels, DType dtype) {
        boolean fits = c.kernel() == 3 && c.stride() == 1 && c.padding().equals(Padding.all(1));
        return fits && switch (arithmetic) {
            case CPU, UNKNOWN -> channels % 4 == 0;
            case OPENCL, PTX -> channels % 8 == 0 && dtype != DType.F16 && dtype != DType.BF16;
        };
    }

    /**
     * The error of sums of products and a bias: gamma_n |W| |x| + u (|y| + |b|) (Higham, section 3.1, equation 3.7). A
     * rounding more is for weights that are rounded to float32: those of float64 and those that a norm is folded into.
     */
    private static Operand products(Shape shape, float[] magnitudes, double terms, @Nullable TensorData bias,
            double[] y) {
        float[] b = bias == null ? new float[shape.dim(-1)] : bias.toFloats();
        double tiny = Rounding.TINY * terms;
        return bounded(shape, y, (r, i) -> r.sum(r.of(terms + 1) * magnitudes[i],
                bias == null ? 0 : r.of(1) * (Math.abs(y[i]) + Math.abs(b[i % b.length]))) + tiny);
    }

    private Operand groupNorm(Op.GroupNorm g, Operand x, List<TensorData> weights, double[] y) {
        int channels = x.channels();
        int each = channels / g.groups();
        int pixels = x.perSample() / channels;
        double[] scale = weights.getFirst().toDoubles();
        int samples = x.shape().dim(0);
        NormBound[][] norms = new NormBound[Rounding.values().length][samples * g.groups()];
        workers.run(samples * g.groups(), (task, worker) -> {
            int from = task / g.groups() * x.perSample() + task % g.groups() * each;
            NormBound.Statistics s = NormBound.Statistics.of(x.exact(), from, pixels, channels, each);
            for (Rounding r : Rounding.values()) {
                norms[r.ordinal()][task] = NormBound.group(arithmetic, r, s, g.eps(), pixels, each);
            }
        });
        return bounded(x.shape(), y,
                (r, i) -> norms[r.ordinal()][i / x.perSample() * g.groups() + i % channels / each]
                        .error(x.at(i), scale[i % channels], y[i]));
    }

    private Operand layerNorm(Op.LayerNorm l, Operand x, List<TensorData> weights, double[] y) {
        int channels = x.channels();
        double[] scale = weights.getFirst().toDoubles();
        int rows = y.length / channels;
        NormBound[][] norms = new NormBound[Rounding.values().length][rows];
        for (int row = 0; row < rows; row++) {
            NormBound.Statistics s = NormBound.Statistics.of(x.exact(), row * channels, 1, channels, channels);
            for (Rounding r : Rounding.values()) {
                norms[r.ordinal()][row] = NormBound.layer(arithmetic, r, s, l.eps(), channels);
            }
        }
        return bounded(x.shape(), y, (r, i) -> norms[r.ordinal()][i / channels].error(x.at(i), scale[i % channels],
                y[i]));
    }

    /** x s + t with s and t rounded to float32, or folded into a convolution's weights and bias. */
    private static Operand batchNorm(Op.BatchNorm b, Operand x, List<TensorData> weights, double[] y) {
        FoldedBatchNorm f = FoldedBatchNorm.of(b, weights);
        int channels = x.channels();
        return bounded(x.shape(), y, (r, i) -> {
            double s = Math.abs(f.scale()[i % channels]);
            double rounding = r.sum(r.of(2) * s * Math.abs(x.at(i)),
                    r.of(2) * Math.abs(f.shift()[i % channels]) + r.of(1) * Math.abs(y[i]));
            return r.sum(s * x.error(r, i), rounding);
        });
    }

    private Operand activation(Activation f, Operand x, double[] y) {
        return switch (f) {
            case NONE, RELU -> new Operand(x.shape(), y, x.worst(), x.likely());
            case SILU -> bounded(x.shape(), y, (r, i) -> silu(r, x.at(i), x.error(r, i), y[i]));
            case GELU -> bounded(x.shape(), y, (r, i) -> gelu(r, x.at(i), x.error(r, i), y[i]));
        };
    }

    /**
     * The error of x / (1 + exp(-x)): the exponential's counts as far as it is a part of the denominator, then a sum and
     * a quotient.
     */
    private double silu(Rounding r, double x, double error, double y) {
        double sigma = 1 / (1 + Math.exp(-x));
        double passed = Math.min(1.1, Math.abs(sigma * (1 + x * (1 - sigma))) + SILU_CURVATURE * error) * error;
        double n = arithmetic.exp(x) * (1 - sigma) + 1 + arithmetic.quotient();
        // exp is limited to e^88
        return r.sum(passed, r.of(n) * (Math.abs(y) + passed)) + Math.abs(x) * Rounding.TINY;
    }

    /** The error of x/2 (1 + erf(x / sqrt 2)): that of the error function is absolute. */
    private double gelu(Rounding r, double x, double error, double y) {
        double phi = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
        double cumulative = x == 0 ? 0.5 : y / x;
        double passed = Math.min(1.13, Math.abs(cumulative + x * phi) + GELU_CURVATURE * error) * error;
        double half = (Math.abs(x) + error) / 2;
        // A backend without a fused multiply-add rounds the product with the error function too.
        double product = arithmetic == Arithmetic.CPU ? 0 : half;
        return r.sum(passed, r.sum(r.of(arithmetic.erf()) * half, r.of(1) * (Math.abs(y) + passed + product)));
    }

    private Operand geglu(Operand x, Shape shape, double[] y) {
        int half = shape.dim(-1);
        return bounded(shape, y, (r, i) -> {
            int at = i / half * 2 * half + i % half;
            double v = x.at(at);
            double gate = x.at(at + half);
            double gelu = v == 0 ? Math.max(gate, 0.17) : y[i] / v; // -0.17 is the least GELU
            double gateError = gelu(r, gate, x.error(r, at + half), gelu);
            double product = x.error(r, at) * gateError;
            return r.sum(r.sum(Math.abs(v) * gateError, Math.abs(gelu) * x.error(r, at)) + product,
                    r.of(1) * (Math.abs(y[i]) + product));
        });
    }

    /** u |a + b|, and the errors of a and b. */
    private static Operand add(Operand a, Operand b, double[] y) {
        int channels = a.channels();
        boolean perSample = b.shape().rank() == 2 && a.shape().rank() > 2;
        return bounded(a.shape(), y, (r, i) -> {
            int j = perSample ? i / a.perSample() * channels + i % channels : i % b.exact().length;
            double passed = r.sum(a.error(r, i), b.error(r, j));
            return r.sum(passed, r.of(1) * (Math.abs(y[i]) + passed));
        });
    }

    private static Operand scaleShift(Operand x, Operand scale, double[] y) {
        if (!x.isExact() || !scale.isExact()) {
            throw new IllegalArgumentException("nothing can be fused before a scale and shift");
        }
        int channels = x.channels();
        return bounded(x.shape(), y, (r, i) -> {
            double factor = 1 + scale.at(i / x.perSample() * channels + i % channels);
            return r.sum(r.of(2) * Math.abs(x.at(i) * factor), r.of(1) * Math.abs(y[i]));
        });
    }

    private Operand meanPool(Operand x, Shape shape, double[] y) {
        int channels = x.channels();
        int pixels = x.perSample() / channels;
        double[] magnitudes = new double[y.length];
        for (int i = 0; i < x.exact().length; i++) {
            magnitudes[i / x.perSample() * channels + i % channels] += Math.abs(x.at(i)) / pixels;
        }
        double n = arithmetic.meanTerms(pixels);
        // In double precision, only the result is rounded.
        return bounded(shape, y, (r, i) -> r.of(n) * (n > 1 ? magnitudes[i] : Math.abs(y[i])));
    }

    /** Rows of a parameter are copied; from float64 they are rounded. */
    private static Operand table(Shape shape, List<TensorData> weights, double[] y) {
        return weights.getFirst().dtype() == DType.F64
                ? bounded(shape, y, (r, i) -> r.of(1) * Math.abs(y[i]))
                : Operand.given(shape, y);
    }
}
