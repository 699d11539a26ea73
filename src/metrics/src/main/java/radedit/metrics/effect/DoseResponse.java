package radedit.metrics.effect;

import java.util.Arrays;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Median;

import radedit.metrics.Correlation;
import radedit.metrics.Proportion;
import radedit.metrics.check.Require;

/**
 * Scores of a series of edits of growing strength. The decision at the first dose is the one that others are compared with, so the
 * first dose is usually 0, the original or its reconstruction.
 *
 * @param doses
 *            [k], strictly ascending
 * @param meanScores
 *            [k], the mean over cases
 * @param medianScores
 *            [k], the median over cases
 * @param flipped
 *            [k], cases decided otherwise than at the first dose, among all cases
 * @param switchPoints
 *            [n], the {@linkplain #switchPoint switch point} of each case; NaN where its decision never changes
 * @param meanSwitchPoint
 *            the switch point of the mean scores; NaN if there is none
 * @param medianSwitchPoint
 *            the switch point of the median scores; NaN if there is none
 * @param correlations
 *            [n], Spearman's correlation of dose and score in each case; NaN where scores are constant
 * @param monotonicity
 *            how many cases are monotone
 */
public record DoseResponse(double[] doses, double[] meanScores, double[] medianScores, Proportion[] flipped,
        double[] switchPoints, double meanSwitchPoint, double medianSwitchPoint, double[] correlations,
        Monotonicity monotonicity) {
    /**
     * Cases by how their scores go with the dose; every case is in one of the four.
     *
     * @param rising
     *            scores never fall, and rise at least once
     * @param falling
     *            scores never rise, and fall at least once
     * @param constant
     *            scores are all equal
     * @param mixed
     *            scores both rise and fall
     */
    public record Monotonicity(int rising, int falling, int constant, int mixed) {
        /** {@return the share of cases that rise or fall and are not mixed; constant cases are not counted as monotone} */
        public double share() {
            return (double) (rising + falling) / (rising + falling + constant + mixed);
        }

        private static Monotonicity of(double[][] scores) {
            int[] counts = new int[4];
            for (double[] s : scores) {
                boolean up = false;
                boolean down = false;
                for (int j = 1; j < s.length; j++) {
                    up |= s[j] > s[j - 1];
                    down |= s[j] < s[j - 1];
                }
                counts[(up ? 1 : 0) + (down ? 2 : 0)]++;
            }
            return new Monotonicity(counts[1], counts[2], counts[0], counts[3]);
        }
    }

    /**
     * {@return the response of these cases}
     *
     * @param doses
     *            [k], at least 2, finite, strictly ascending
     * @param scores
     *            [n][k], at least 1 case, finite
     * @param threshold
     *            finite; a score at least this is decided "yes"
     * @throws IllegalArgumentException
     *             if a shape, a number or the order of doses is wrong
     */
    public static DoseResponse of(double[] doses, double[][] scores, double threshold) {
        check(doses, threshold);
        Require.that(scores.length > 0, "a dose response needs at least one case");
        for (int i = 0; i < scores.length; i++) {
            Require.that(scores[i].length == doses.length,
                    "case " + i + " has " + scores[i].length + " scores, but there are " + doses.length + " doses");
            Require.finite("score of case " + i, scores[i]);
        }
        int k = doses.length;
        double[] mean = new double[k];
        double[] median = new double[k];
        Proportion[] flipped = new Proportion[k];
        for (int j = 0; j < k; j++) {
            double[] column = new double[scores.length];
            int flips = 0;
            for (int i = 0; i < scores.length; i++) {
                column[i] = scores[i][j];
                flips += (scores[i][j] >= threshold) != (scores[i][0] >= threshold) ? 1 : 0;
            }
            mean[j] = StatUtils.mean(column);
            median[j] = new Median().evaluate(column);
            flipped[j] = new Proportion(flips, scores.length);
        }
        return new DoseResponse(doses.clone(), mean, median, flipped,
                Arrays.stream(scores).mapToDouble(s -> switchPoint(doses, s, threshold)).toArray(),
                switchPoint(doses, mean, threshold), switchPoint(doses, median, threshold),
                Arrays.stream(scores).mapToDouble(s -> Correlation.spearman(doses, s).coefficient()).toArray(),
                Monotonicity.of(scores));
    }

    /**
     * The lowest dose at which a series of scores crosses the threshold, by linear interpolation between the last dose with the
     * first decision and the next. Later crossings back are not looked at.
     *
     * @param doses
     *            [k], at least 2, finite, strictly ascending
     * @param scores
     *            [k], finite
     * @param threshold
     *            finite; a score at least this is decided "yes"
     * @return a dose; NaN if the decision never differs from the first
     * @throws IllegalArgumentException
     *             if a shape, a number or the order of doses is wrong
     */
    public static double switchPoint(double[] doses, double[] scores, double threshold) {
        check(doses, threshold);
        Require.sameLength("doses", doses.length, "scores", scores.length);
        Require.finite("score", scores);
        boolean first = scores[0] >= threshold;
        for (int j = 1; j < scores.length; j++) {
            if (scores[j] >= threshold != first) {
                double share = (threshold - scores[j - 1]) / (scores[j] - scores[j - 1]);
                return doses[j - 1] + share * (doses[j] - doses[j - 1]);
            }
        }
        return Double.NaN;
    }

    private static void check(double[] doses, double threshold) {
        Require.that(doses.length >= 2, "a dose response needs at least 2 doses, not " + doses.length);
        Require.finite("dose", doses);
        Require.finite("threshold", threshold);
        for (int j = 1; j < doses.length; j++) {
            Require.that(doses[j] > doses[j - 1],
                    "doses are not strictly ascending: " + doses[j] + " comes after " + doses[j - 1]);
        }
    }

    /** {@return the cases whose decision changes at any dose, among all cases} */
    public Proportion switching() {
        int n = (int) Arrays.stream(switchPoints).filter(s -> !Double.isNaN(s)).count();
        return new Proportion(n, switchPoints.length);
    }

    /** {@return the mean over cases of Spearman's correlation, constant cases left out; NaN if all are constant} */
    public double meanCorrelation() {
        return Arrays.stream(correlations).filter(c -> !Double.isNaN(c)).average().orElse(Double.NaN);
    }
}
