package radedit.metrics.classification;

import java.util.Arrays;

/**
 * The receiver operating characteristic. Equal to {@code sklearn.metrics.roc_curve} with its defaults: the first point is (0, 0) at
 * the threshold infinity, and a step that repeats the one before it is joined with it.
 *
 * @param thresholds
 *            [k], descending; the decision at a point is "score at least the threshold"
 * @param falsePositiveRate
 *            [k], ascending from 0 to 1; all NaN without negatives
 * @param truePositiveRate
 *            [k], ascending from 0 to 1; all NaN without positives
 */
public record RocCurve(double[] thresholds, double[] falsePositiveRate, double[] truePositiveRate) {
    /**
     * A point of the curve.
     *
     * @param threshold
     *            decide "yes" from this score on
     * @param sensitivity
     *            true positive rate there
     * @param specificity
     *            1 - false positive rate there
     */
    public record Point(double threshold, double sensitivity, double specificity) {
        /** {@return Youden's J = sensitivity + specificity - 1} */
        public double youden() {
            return sensitivity + specificity - 1;
        }
    }

    /**
     * {@return the curve of these scores}
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @throws IllegalArgumentException
     *             if lengths differ or a score is not finite
     */
    public static RocCurve of(boolean[] positive, double[] scores) {
        ScoreSteps s = ScoreSteps.of(positive, scores);
        int n = s.size();
        double[] thresholds = new double[n + 1];
        double[] fpr = new double[n + 1];
        double[] tpr = new double[n + 1];
        thresholds[0] = Double.POSITIVE_INFINITY;
        int k = 1;
        for (int i = 0; i < n; i++) {
            if (i == 0 || i == n - 1 || turns(s.truePositives(), i) || turns(s.falsePositives(), i)) {
                thresholds[k] = s.thresholds()[i];
                fpr[k] = s.falsePositives()[i];
                tpr[k] = s.truePositives()[i];
                k++;
            }
        }
        divide(fpr, s.negatives());
        divide(tpr, s.positives());
        return new RocCurve(Arrays.copyOf(thresholds, k), Arrays.copyOf(fpr, k), Arrays.copyOf(tpr, k));
    }

    private static boolean turns(int[] counts, int i) {
        return counts[i + 1] - counts[i] != counts[i] - counts[i - 1];
    }

    private static void divide(double[] counts, int all) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] /= all; // 0 / 0 is NaN where a class does not occur
        }
    }

    /**
     * The point with the largest Youden index J (Youden, Cancer 3:32, 1950): the first of the largest
     * {@code tpr - fpr}, that is, the one with the highest threshold, as {@code numpy.argmax} finds it. Its threshold is infinity
     * where no point is better than deciding "no" for all.
     *
     * @return all three NaN unless both classes occur
     */
    public Point youden() {
        int best = 0;
        for (int i = 0; i < thresholds.length; i++) {
            double j = truePositiveRate[i] - falsePositiveRate[i];
            if (Double.isNaN(j)) {
                return new Point(Double.NaN, Double.NaN, Double.NaN);
            }
            if (j > truePositiveRate[best] - falsePositiveRate[best]) {
                best = i;
            }
        }
        return new Point(thresholds[best], truePositiveRate[best], 1 - falsePositiveRate[best]);
    }
}
