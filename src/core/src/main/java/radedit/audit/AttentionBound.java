package radedit.audit;

import org.jspecify.annotations.Nullable;

import radedit.exec.Workers;
import radedit.graph.Op;

/**
 * Rounding error of attention with online softmax (Milakov and Gimelshein, arXiv:1805.02867).
 *
 * <p>
 * Let w_j = exp(s_j - max s) and p = w / sum w. The score s_j is wrong by gamma_n scale |q| |k_j|, by Cauchy's
 * inequality; an error common to all scores has no effect. The exponentials of its difference to the maximum and of
 * the T rescalings, whose arguments add up to that difference and a slack d, and their products make
 *
 * <pre>
 * e_j = exp(gamma_n scale |q| |k_j| + u (|s_j - max s| + d) + gamma_{(T + 1) exp + T}) - 1
 * </pre>
 *
 * the relative error of w_j. So the numerator is wrong by sum p_j (e_j + gamma_N) |v_j| and the denominator by
 * sum p_j e_j + gamma_N, with N roundings in a sum over keys in blocks (Higham, Accuracy and Stability of Numerical
 * Algorithms, 2nd edition, sections 3.1 and 4.2). If scores are so large that this says nothing, the result is still a
 * mean of the v_j.
 *
 * <p>
 * Where w_j is rounded to a format of fewer bits before it is multiplied with v_j, a small error of w_j may change the
 * rounded weight by one unit in the last place, which is added to e_j in the numerator.
 */
final class AttentionBound {
    private final Arithmetic arithmetic;
    private final Op.Attention op;
    private final Operand q;
    private final Operand k;
    private final double[] v;
    private final double @Nullable [] mask;
    private final double[] y;
    private final int channels;
    private final int each;
    private final int queries;
    private final int keys;
    private final double scoreTerms;
    private final int blocks;
    private final int keyTerms;
    private final float[] worst;
    private final float[] likely;

    AttentionBound(Arithmetic arithmetic, Op.Attention op, Operand q, Operand k, double[] v,
            double @Nullable [] mask, double[] y) {
        this.arithmetic = arithmetic;
        this.op = op;
        this.q = q;
        this.k = k;
        this.v = v;
        this.mask = mask;
        this.y = y;
        this.channels = q.channels();
        this.each = channels / op.heads();
        this.queries = q.shape().dim(1);
        this.keys = k.shape().dim(1);
        // The sum, and the scale: its own rounding, its product, and that of the factor log2(e).
        this.scoreTerms = arithmetic.products(each, 1) + 3;
        this.blocks = Math.ceilDiv(keys, arithmetic.keysPerBlock());
        this.keyTerms = Math.min(keys, arithmetic.keysPerBlock()) + 2 * blocks;
        this.worst = new float[y.length];
        this.likely = new float[y.length];
    }

    /** The result with its error. */
    Operand bound(Workers workers) {
        for (int b = 0; b < q.shape().dim(0); b++) {
            for (int head = 0; head < op.heads(); head++) {
                head(b, head, workers);
            }
        }
        return new Operand(q.shape(), y, worst, likely);
    }

    private void head(int b, int head, Workers workers) {
        double[] transposed = new double[each * keys];
        float[] values = new float[keys * each];
        double[] keyNorms = new double[keys];
        float[] largest = new float[each];
        for (int j = 0; j < keys; j++) {
            int at = (b * keys + j) * channels + head * each;
            for (int c = 0; c < each; c++) {
                double e = k.exact()[at + c];
                transposed[c * keys + j] = e;
                keyNorms[j] += e * e;
                values[j * each + c] = (float) Math.abs(v[at + c]);
                largest[c] = Math.max(largest[c], values[j * each + c]);
            }
            keyNorms[j] = Math.sqrt(keyNorms[j]);
        }
        workers.run(queries, (i, worker) -> query((b * queries + i) * channels + head * each, b, transposed, values,
                keyNorms, largest));
    }

    private void query(int at, int b, double[] transposed, float[] values, double[] keyNorms, float[] largest) {
        double[] s = new double[keys];
        double norm = 0;
        for (int c = 0; c < each; c++) {
            double factor = q.exact()[at + c] * op.scale();
            norm += factor * factor;
            for (int j = 0; j < keys; j++) {
                s[j] += factor * transposed[c * keys + j];
            }
        }
        norm = Math.sqrt(norm);
        double max = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < keys; j++) {
            s[j] = mask != null && mask[b * keys + j] == 0 ? Double.NEGATIVE_INFINITY : s[j];
            max = Math.max(max, s[j]);
        }
        double total = 0;
        for (int j = 0; j < keys; j++) {
            total += Math.exp(s[j] - max);
        }
        float[] numerator = new float[each];
        double denominator = 0;
        double likelyDenominator = 0;
        double sums = 0;
        for (int j = 0; j < keys; j++) {
            if (s[j] == Double.NEGATIVE_INFINITY) {
                continue;
            }
            double p = Math.exp(s[j] - max) / total;
            double e = weightError(Rounding.WORST_CASE, p, norm * keyNorms[j], max - s[j], total);
            denominator += e;
            likelyDenominator += weightError(Rounding.INDEPENDENT, p, norm * keyNorms[j], max - s[j], total);
            double flip = 2 * (op.weights().unitRoundoff() * p + op.weights().underflow() / total);
            float factor = (float) (e + flip + p * Rounding.WORST_CASE.of(keyTerms));
            sums += factor;
            int row = j * each;
            for (int c = 0; c < each; c++) {
                numerator[c] += factor * values[row + c];
            }
        }
        double likelySums = likelyDenominator + Rounding.INDEPENDENT.of(keyTerms);
        store(at, numerator, denominator, largest, Double.isFinite(likelySums / sums) ? likelySums / sums : 1);
    }

    /** p_j e_j, without overflow of e_j if p_j is tiny. */
    private double weightError(Rounding r, double p, double product, double distance, double total) {
        double scores = r.sum(r.of(scoreTerms) * product, r.of(1) * (distance + arithmetic.slack()));
        double slope = arithmetic.exp(distance) - arithmetic.exp(0);
        double exponentials = r.of((blocks + 1) * arithmetic.exp(0) + slope + blocks);
        double error = r.sum(scores, exponentials);
        return error < 30 ? p * Math.expm1(error) : Math.exp(error - distance) / total;
    }

    /**
     * @param share
     *            of the likely error in the worst one
     */
    private void store(int at, float[] numerator, double denominator, float[] largest, double share) {
        double d = denominator + Rounding.WORST_CASE.of(keyTerms);
        double quotient = Rounding.WORST_CASE.of(arithmetic.quotient() + 1);
        for (int c = 0; c < each; c++) {
            double size = Math.abs(y[at + c]);
            double limit = 2 * largest[c] * (1 + Rounding.WORST_CASE.of(2.0 * keyTerms));
            double e = d < 1 ? (numerator[c] + size * d) / (1 - d) + quotient * size : limit;
            // Weights below 2^-125 are 2^-125, or 0.
            double tiny = 8 * Rounding.TINY * keys * (1 + largest[c]);
            worst[at + c] = (float) (Math.min(e, limit) * Rounding.SLACK + tiny);
            likely[at + c] = (float) (Math.min(e, limit) * Math.min(share, 1));
        }
    }
}
