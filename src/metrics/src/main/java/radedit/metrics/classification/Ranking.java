package radedit.metrics.classification;

/**
 * Metrics of how scores rank the cases; no threshold is involved, and any increasing transform of the scores leaves them
 * unchanged. The forms with rows are for a {@link radedit.metrics.Bootstrap}: they see the cases that the rows name, each as
 * often as it is named.
 */
public final class Ranking {
    private Ranking() {
    }

    /**
     * Area under the ROC curve: the probability that a positive scores higher than a negative, a tie counting one half (Hanley and
     * McNeil, Radiology 143:29, 1982). Equal to {@code sklearn.metrics.roc_auc_score}. Pairs are counted in integers, so the
     * result is correctly rounded.
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @return from 0 to 1; NaN unless both classes occur
     * @throws IllegalArgumentException
     *             if lengths differ or a score is not finite
     */
    public static double auroc(boolean[] positive, double[] scores) {
        return auroc(ScoreSteps.of(positive, scores));
    }

    /**
     * {@return {@link #auroc(boolean[], double[])} of some cases}
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @param rows
     *            [m], indices from 0 to n - 1, any of them several times
     * @throws IllegalArgumentException
     *             if lengths differ or a score of these cases is not finite
     */
    public static double auroc(boolean[] positive, double[] scores, int[] rows) {
        return auroc(ScoreSteps.of(positive, scores, rows));
    }

    private static double auroc(ScoreSteps steps) {
        long twice = 0;
        int tp = 0;
        int fp = 0;
        for (int k = 0; k < steps.size(); k++) {
            int above = tp;
            tp = steps.truePositives()[k];
            twice += (steps.falsePositives()[k] - (long) fp) * ((long) above + tp);
            fp = steps.falsePositives()[k];
        }
        return tp == 0 || fp == 0 ? Double.NaN : twice / 2.0 / ((double) tp * fp);
    }

    /**
     * Average precision: the sum over distinct scores of (R[k] - R[k-1]) P[k], with recall R and precision P of the decisions "score
     * at least the k-th". Equal to {@code sklearn.metrics.average_precision_score}.
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @return from 0 to 1; NaN without positives
     * @throws IllegalArgumentException
     *             if lengths differ or a score is not finite
     */
    public static double averagePrecision(boolean[] positive, double[] scores) {
        return averagePrecision(ScoreSteps.of(positive, scores));
    }

    /**
     * {@return {@link #averagePrecision(boolean[], double[])} of some cases}
     *
     * @param positive
     *            [n], the truth
     * @param scores
     *            [n], finite
     * @param rows
     *            [m], indices from 0 to n - 1, any of them several times
     * @throws IllegalArgumentException
     *             if lengths differ or a score of these cases is not finite
     */
    public static double averagePrecision(boolean[] positive, double[] scores, int[] rows) {
        return averagePrecision(ScoreSteps.of(positive, scores, rows));
    }

    private static double averagePrecision(ScoreSteps steps) {
        double sum = 0;
        int before = 0;
        for (int k = 0; k < steps.size(); k++) {
            int tp = steps.truePositives()[k];
            sum += (tp - before) * ((double) tp / ((double) tp + steps.falsePositives()[k]));
            before = tp;
        }
        return before == 0 ? Double.NaN : sum / before;
    }
}
