package radedit.audit;

import java.util.Arrays;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.NormalDistribution;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The number of significant digits of each element of a tensor, estimated from samples of a computation in stochastic
 * arithmetic.
 *
 * <p>
 * With the samples' mean m and standard deviation d of an element, and errors that are normal and centred, the number of
 * significant bits is at least
 *
 * <pre>{@code
 * -log2(d / |m|) - [log2((n - 1) / chi2(n - 1)) / 2 + log2(F^-1((1 + p) / 2))]
 * }</pre>
 *
 * for the probability p that a further sample has these bits in common with the mean, and the confidence that the lower
 * quantile chi2, of (1 - confidence) / 2, stands for (Sohier, de Oliveira Castro, Févotte, Lathuilière, Petit and Jamond,
 * Confidence intervals for stochastic arithmetic, ACM TOMS 47(2), 2021). The bracket is {@link #correction}.
 */
public final class SignificantDigits {
    /** The probability that a further sample agrees with the mean in the digits that are called significant. */
    public static final double PROBABILITY = 0.95;
    /** The confidence of this statement. */
    public static final double CONFIDENCE = 0.95;
    private static final double LOG2 = Math.log(2);

    private final Shape shape;
    private final int precision;
    private final double[] mean;
    /** Sum of the squared differences from the mean. */
    private final double[] squares;
    private final double[] least;
    private final double[] most;
    private int samples;

    /**
     * Creates an estimate without samples.
     *
     * @param shape
     *            the tensor's
     * @param precision
     *            bits of the arithmetic: no element is credited with more
     */
    public SignificantDigits(Shape shape, int precision) {
        int n = Math.toIntExact(shape.elements());
        this.shape = shape;
        this.precision = precision;
        this.mean = new double[n];
        this.squares = new double[n];
        this.least = new double[n];
        this.most = new double[n];
        Arrays.fill(least, Double.POSITIVE_INFINITY);
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
    }

    /**
     * Adds a sample (with Welford's update of mean and squares).
     *
     * @param sample
     *            of the shape given
     * @throws IllegalArgumentException
     *             if it has another shape
     */
    public void add(Tensor sample) {
        if (!sample.shape().equals(shape)) {
            throw new IllegalArgumentException("a sample of shape " + sample.shape() + " instead of " + shape);
        }
        samples++;
        for (int i = 0; i < mean.length; i++) {
            double v = sample.data()[i];
            double before = v - mean[i];
            mean[i] += before / samples;
            squares[i] += before * (v - mean[i]);
            least[i] = Math.min(least[i], v);
            most[i] = Math.max(most[i], v);
        }
    }

    /** {@return the number of samples} */
    public int samples() {
        return samples;
    }

    /**
     * {@return the bits by which an estimate is lowered for probability and confidence}
     *
     * @param samples
     *            number of samples, at least 2
     * @param probability
     *            that a further sample has the bits in common with the mean
     * @param confidence
     *            of this statement
     */
    public static double correction(int samples, double probability, double confidence) {
        return Math.log(factor(samples, probability, confidence)) / LOG2;
    }

    /** By how much the interval of a further sample around the mean is wider, on each side, than a deviation. */
    private static double factor(int samples, double probability, double confidence) {
        if (samples < 2) {
            throw new IllegalArgumentException("significant digits need at least 2 samples, not " + samples);
        }
        int freedom = samples - 1;
        double quantile = new ChiSquaredDistribution(freedom).inverseCumulativeProbability((1 - confidence) / 2);
        return Math.sqrt(freedom / quantile)
                * new NormalDistribution().inverseCumulativeProbability((1 + probability) / 2);
    }

    /** {@return the correction for these samples, {@link #PROBABILITY} and {@link #CONFIDENCE}} */
    public double correction() {
        return correction(samples, PROBABILITY, CONFIDENCE);
    }

    /** {@return the mean of the samples} */
    public Tensor mean() {
        return Tensor.of(shape, mean.clone());
    }

    /** {@return the standard deviation of the samples, from n - 1} */
    public Tensor deviation() {
        double[] d = new double[mean.length];
        Arrays.setAll(d, this::deviation);
        return Tensor.of(shape, d);
    }

    private double deviation(int i) {
        return Math.sqrt(squares[i] / (samples - 1));
    }

    /**
     * {@return the significant bits, from 0 to the precision} Samples that are all equal have all bits of the precision;
     * samples that are not finite have none.
     */
    public Tensor bits() {
        double correction = correction();
        double[] bits = new double[mean.length];
        Arrays.setAll(bits, i -> {
            double d = deviation(i);
            if (d == 0) {
                return precision;
            }
            double s = -Math.log(d / Math.abs(mean[i])) / LOG2 - correction;
            return s > 0 ? Math.min(s, precision) : 0; // NaN has none
        });
        return Tensor.of(shape, bits);
    }

    /** {@return the significant decimal digits: bits times log10 2} */
    public Tensor digits() {
        double[] digits = bits().data();
        Arrays.setAll(digits, i -> digits[i] * digitsPerBit());
        return Tensor.of(shape, digits);
    }

    /** {@return log10 2} */
    public static double digitsPerBit() {
        return Math.log10(2);
    }

    /**
     * {@return the share of elements of which the arithmetic does not determine the level: the interval that contains a
     * further sample, with the probability and confidence above, has more than one}
     *
     * @param levels
     *            what 1 stands for, such as 255
     */
    public double undetermined(int levels) {
        double factor = factor(samples, PROBABILITY, CONFIDENCE);
        int n = 0;
        for (int i = 0; i < mean.length; i++) {
            double half = factor * deviation(i);
            if (!(Math.rint((mean[i] - half) * levels) == Math.rint((mean[i] + half) * levels))) {
                n++;
            }
        }
        return (double) n / mean.length;
    }

    /**
     * {@return the share of elements of which not all samples have the same level}
     *
     * @param levels
     *            what 1 stands for, such as 255
     */
    public double differing(int levels) {
        int n = 0;
        for (int i = 0; i < mean.length; i++) {
            if (!(Math.rint(least[i] * levels) == Math.rint(most[i] * levels))) {
                n++;
            }
        }
        return (double) n / mean.length;
    }

    /**
     * {@return the quantile of a tensor's elements: the smallest that at least this share of them does not exceed}
     *
     * @param values
     *            the elements
     * @param share
     *            0 to 1
     */
    public static double quantile(Tensor values, double share) {
        double[] sorted = values.data().clone();
        Arrays.sort(sorted);
        return sorted[Math.clamp((long) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }

    /**
     * The decimal digits of all elements.
     *
     * @param elements
     *            their number
     * @param min
     *            the smallest
     * @param low
     *            the quantile at 5 %
     * @param median
     *            the median
     * @param max
     *            the largest
     */
    public record Summary(int elements, double min, double low, double median, double max) {
    }

    /** {@return the digits of all elements} */
    public Summary summary() {
        Tensor d = digits();
        return new Summary(mean.length, quantile(d, 0), quantile(d, 0.05), quantile(d, 0.5), quantile(d, 1));
    }
}
