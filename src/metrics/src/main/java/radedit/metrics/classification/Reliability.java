package radedit.metrics.classification;

import java.util.ArrayList;
import java.util.List;

import radedit.metrics.check.Require;

/**
 * Reliability of predicted probabilities, in bins of equal width. Filled bins are equal to
 * {@code sklearn.calibration.calibration_curve} with strategy "uniform".
 *
 * @param bins
 *            all bins in ascending order, empty ones included
 */
public record Reliability(List<Bin> bins) {
    /**
     * The cases with a probability in (low, high]; the first bin includes 0.
     *
     * @param low
     *            lower edge
     * @param high
     *            upper edge
     * @param count
     *            number of cases
     * @param meanProbability
     *            mean predicted probability; NaN if the bin is empty
     * @param positiveShare
     *            share of positives; NaN if the bin is empty
     */
    public record Bin(double low, double high, int count, double meanProbability, double positiveShare) {
        /** {@return the distance between prediction and truth; NaN if the bin is empty} */
        public double gap() {
            return Math.abs(meanProbability - positiveShare);
        }
    }

    /** Takes a copy of the bins. */
    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * {@return the reliability of these probabilities}
     *
     * @param positive
     *            [n], the truth
     * @param probabilities
     *            [n], of "yes", from 0 to 1
     * @param bins
     *            number of bins, from 1 to 10000; 10 or 15 are usual
     * @throws IllegalArgumentException
     *             if lengths differ, a value is not a probability, or the number of bins is out of range
     */
    public static Reliability of(boolean[] positive, double[] probabilities, int bins) {
        Require.sameLength("truths", positive.length, "probabilities", probabilities.length);
        Require.probabilities("probability", probabilities);
        Require.that(bins >= 1 && bins <= 10_000, "number of bins is " + bins + ", not from 1 to 10000");
        double[] edges = new double[bins + 1];
        for (int b = 0; b < bins; b++) {
            edges[b] = b * (1.0 / bins); // as numpy.linspace rounds them
        }
        edges[bins] = 1;
        int[] count = new int[bins];
        int[] positives = new int[bins];
        double[] sum = new double[bins];
        for (int i = 0; i < positive.length; i++) {
            int b = bin(edges, probabilities[i]);
            count[b]++;
            positives[b] += positive[i] ? 1 : 0;
            sum[b] += probabilities[i];
        }
        List<Bin> all = new ArrayList<>();
        for (int b = 0; b < bins; b++) {
            all.add(new Bin(edges[b], edges[b + 1], count[b], sum[b] / count[b], (double) positives[b] / count[b]));
        }
        return new Reliability(all);
    }

    private static int bin(double[] edges, double p) {
        int bins = edges.length - 1;
        int b = Math.clamp((long) (p * bins), 0, bins - 1);
        while (b > 0 && p <= edges[b]) {
            b--;
        }
        while (b < bins - 1 && p > edges[b + 1]) {
            b++;
        }
        return b;
    }

    /**
     * {@return the expected calibration error: the mean over cases of their bin's gap (Naeini et al., AAAI 2015); from 0 to 1, NaN
     * without cases}
     */
    public double expectedCalibrationError() {
        double sum = 0;
        long n = 0;
        for (Bin b : bins) {
            if (b.count() > 0) {
                sum += b.count() * b.gap();
                n += b.count();
            }
        }
        return sum / n;
    }

    /** {@return the maximum calibration error: the largest gap of a filled bin; from 0 to 1, NaN without cases} */
    public double maximumCalibrationError() {
        return bins.stream().filter(b -> b.count() > 0).mapToDouble(Bin::gap).max().orElse(Double.NaN);
    }
}
