package radedit.metrics.classification;

import radedit.metrics.check.Require;

/**
 * The confusion counts of a decision against the truth, and the rates computed from them. A rate whose denominator is 0 is NaN.
 *
 * @param truePositives
 *            positives decided "yes"; at least 0, as all counts are
 * @param falsePositives
 *            negatives decided "yes"
 * @param trueNegatives
 *            negatives decided "no"
 * @param falseNegatives
 *            positives decided "no"
 */
public record Confusion(int truePositives, int falsePositives, int trueNegatives, int falseNegatives) {
    /** Refuses negative counts with an {@link IllegalArgumentException}. */
    public Confusion {
        Require.that(truePositives >= 0 && falsePositives >= 0 && trueNegatives >= 0 && falseNegatives >= 0,
                "a confusion count is negative");
    }

    /**
     * {@return the counts of the decisions "score at least threshold"}
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @param threshold
     *            not NaN; infinity decides "no" for all, minus infinity "yes"
     * @throws IllegalArgumentException
     *             if lengths differ, a score is not finite or the threshold is NaN
     */
    public static Confusion at(boolean[] positive, double[] scores, double threshold) {
        Require.sameLength("truths", positive.length, "scores", scores.length);
        Require.finite("score", scores);
        Require.that(!Double.isNaN(threshold), "the threshold is NaN");
        boolean[] decided = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            decided[i] = scores[i] >= threshold;
        }
        return of(positive, decided);
    }

    /**
     * {@return the counts of given decisions}
     *
     * @param positive
     *            [n], the truth
     * @param decided
     *            [n], true for "yes"
     * @throws IllegalArgumentException
     *             if lengths differ
     */
    public static Confusion of(boolean[] positive, boolean[] decided) {
        Require.sameLength("truths", positive.length, "decisions", decided.length);
        int tp = 0;
        int fp = 0;
        int tn = 0;
        int fn = 0;
        for (int i = 0; i < positive.length; i++) {
            if (positive[i]) {
                tp += decided[i] ? 1 : 0;
                fn += decided[i] ? 0 : 1;
            } else {
                fp += decided[i] ? 1 : 0;
                tn += decided[i] ? 0 : 1;
            }
        }
        return new Confusion(tp, fp, tn, fn);
    }

    /** {@return TP + FN} */
    public long positives() {
        return (long) truePositives + falseNegatives;
    }

    /** {@return TN + FP} */
    public long negatives() {
        return (long) trueNegatives + falsePositives;
    }

    /** {@return the number of cases} */
    public long count() {
        return positives() + negatives();
    }

    /** {@return (TP + TN) / n} */
    public double accuracy() {
        return ratio((long) truePositives + trueNegatives, count());
    }

    /** {@return TP / (TP + FN), the recall} */
    public double sensitivity() {
        return ratio(truePositives, positives());
    }

    /** {@return TN / (TN + FP)} */
    public double specificity() {
        return ratio(trueNegatives, negatives());
    }

    /** {@return (sensitivity + specificity) / 2; NaN unless both classes occur} */
    public double balancedAccuracy() {
        return (sensitivity() + specificity()) / 2;
    }

    /** {@return TP / (TP + FP), the PPV or precision} */
    public double positivePredictiveValue() {
        return ratio(truePositives, (long) truePositives + falsePositives);
    }

    /** {@return TN / (TN + FN), the NPV} */
    public double negativePredictiveValue() {
        return ratio(trueNegatives, (long) trueNegatives + falseNegatives);
    }

    /** {@return 2 TP / (2 TP + FP + FN)} */
    public double f1() {
        return ratio(2L * truePositives, 2L * truePositives + falsePositives + falseNegatives);
    }

    private static double ratio(long part, long whole) {
        return whole == 0 ? Double.NaN : (double) part / whole;
    }
}
