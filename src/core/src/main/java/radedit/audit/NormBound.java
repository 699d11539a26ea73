package radedit.audit;

/**
 * Rounding error of (x - mean) / sqrt(variance + eps) * scale + shift over one group of elements, whose variance is
 * computed in two passes or from two-pass blocks (Chan, Golub and LeVeque, 1979; Higham, Accuracy and Stability of
 * Numerical Algorithms, 2nd edition, section 1.9).
 *
 * <p>
 * With N roundings in a sum, the mean is wrong by gamma_N mean|x|, and the variance v by gamma_N v + 2 sqrt(v) m + m^2,
 * where m = gamma_N rms(x) bounds the root mean square of the errors of the blocks' means: cross terms of a block's
 * deviations and its mean's error do not cancel. Over one block, they do, and m^2 alone remains.
 */
final class NormBound {
    private final Rounding r;
    private final double mean;
    private final double meanError;
    /** 1 / sqrt(variance + eps). */
    private final double inverse;
    /** Relative error of {@link #inverse}; infinite if the variance may be lost. */
    private final double inverseError;
    private final double largestInverse;

    private NormBound(Arithmetic arithmetic, Rounding r, Statistics s, double eps, double terms, boolean blocks) {
        this.r = r;
        this.mean = s.mean;
        this.meanError = r.of(terms) * s.meanMagnitude;
        double block = r.of(terms) * s.rms;
        double error = r.of(terms) * s.variance + (blocks ? 2 * Math.sqrt(s.variance) * block : 0) + block * block;
        double share = error / (s.variance + eps);
        this.inverse = 1 / Math.sqrt(s.variance + eps);
        this.inverseError = share < 0.5
                ? 1 / Math.sqrt(1 - share) - 1 + r.of(arithmetic.inverseRoot())
                : Double.POSITIVE_INFINITY;
        this.largestInverse = eps > 0 ? 1 / Math.sqrt(eps) : Double.POSITIVE_INFINITY;
    }

    static NormBound group(Arithmetic a, Rounding r, Statistics s, double eps, int pixels, int each) {
        return new NormBound(a, r, s, eps, a.groupTerms(pixels, each), true);
    }

    static NormBound layer(Arithmetic a, Rounding r, Statistics s, double eps, int channels) {
        return new NormBound(a, r, s, eps, a.rowTerms(channels), false);
    }

    /**
     * {@return the error of an element}
     *
     * @param x
     *            the element
     * @param scale
     *            its factor after the normalisation
     * @param y
     *            its exact result
     */
    double error(double x, double scale, double y) {
        double d = Math.abs(x - mean);
        double difference = r.sum(meanError, r.of(1) * d);
        if (inverseError == Double.POSITIVE_INFINITY) {
            return Math.abs(scale) * ((d + difference) * largestInverse * (1 + r.of(8)) + d * inverse)
                    + r.of(1) * Math.abs(y);
        }
        double factor = Math.abs(scale) * inverse;
        // Products with the factor and the scale, the scale's own rounding, the sum with the shift.
        double products = r.sum(inverseError, r.of(3)) * d;
        return r.sum(factor * (1 + inverseError) * r.sum(difference, products), r.of(1) * Math.abs(y));
    }

    /**
     * Moments of a group, in double precision.
     *
     * @param mean
     *            the mean
     * @param variance
     *            the biased variance
     * @param meanMagnitude
     *            mean of |x|
     * @param rms
     *            root of the mean square
     */
    record Statistics(double mean, double variance, double meanMagnitude, double rms) {
        /**
         * The moments of {@code rows} runs of {@code each} elements, the first at {@code from}, {@code step} apart.
         */
        static Statistics of(double[] x, int from, int rows, int step, int each) {
            double n = (double) rows * each;
            double sum = 0;
            double magnitude = 0;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                for (int i = from + row * step; i < from + row * step + each; i++) {
                    sum += x[i];
                    magnitude += Math.abs(x[i]);
                    squares += x[i] * x[i];
                }
            }
            double mean = sum / n;
            double deviations = 0;
            for (int row = 0; row < rows; row++) {
                for (int i = from + row * step; i < from + row * step + each; i++) {
                    deviations += (x[i] - mean) * (x[i] - mean);
                }
            }
            return new Statistics(mean, deviations / n, magnitude / n, Math.sqrt(squares / n));
        }
    }
}
