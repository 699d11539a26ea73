package radedit.metrics.classification;

import java.util.Arrays;

import radedit.metrics.check.Require;

/**
 * Cumulative counts at each distinct score, from the highest: what a ROC or precision-recall curve is made of. Cases with equal
 * scores are one step, so ties need no convention.
 *
 * @param thresholds
 *            [k], distinct scores, descending
 * @param truePositives
 *            [k], positives with a score at least the threshold
 * @param falsePositives
 *            [k], negatives with a score at least the threshold
 */
record ScoreSteps(double[] thresholds, int[] truePositives, int[] falsePositives) {
    /** Steps over all cases. */
    static ScoreSteps of(boolean[] positive, double[] scores) {
        Require.sameLength("truths", positive.length, "scores", scores.length);
        Require.finite("score", scores);
        int p = 0;
        for (boolean b : positive) {
            p += b ? 1 : 0;
        }
        double[] ofPositives = new double[p];
        double[] ofNegatives = new double[positive.length - p];
        int i = 0;
        int j = 0;
        for (int k = 0; k < scores.length; k++) {
            if (positive[k]) {
                ofPositives[i++] = scores[k];
            } else {
                ofNegatives[j++] = scores[k];
            }
        }
        return merge(ofPositives, ofNegatives);
    }

    /** Steps over some cases, any of them several times. */
    static ScoreSteps of(boolean[] positive, double[] scores, int[] rows) {
        Require.sameLength("truths", positive.length, "scores", scores.length);
        boolean[] p = new boolean[rows.length];
        double[] s = new double[rows.length];
        for (int k = 0; k < rows.length; k++) {
            p[k] = positive[rows[k]];
            s[k] = scores[rows[k]];
        }
        return of(p, s);
    }

    /** Two sorts of plain numbers and a merge: several times faster than a sort of indices. */
    private static ScoreSteps merge(double[] ofPositives, double[] ofNegatives) {
        Arrays.sort(ofPositives);
        Arrays.sort(ofNegatives);
        int n = ofPositives.length + ofNegatives.length;
        double[] thresholds = new double[n];
        int[] tp = new int[n];
        int[] fp = new int[n];
        int i = ofPositives.length - 1;
        int j = ofNegatives.length - 1;
        int k = 0;
        while (i >= 0 || j >= 0) {
            double t = i < 0 ? ofNegatives[j] : j < 0 ? ofPositives[i] : Math.max(ofPositives[i], ofNegatives[j]);
            while (i >= 0 && ofPositives[i] == t) {
                i--;
            }
            while (j >= 0 && ofNegatives[j] == t) {
                j--;
            }
            thresholds[k] = t;
            tp[k] = ofPositives.length - 1 - i;
            fp[k] = ofNegatives.length - 1 - j;
            k++;
        }
        return new ScoreSteps(Arrays.copyOf(thresholds, k), Arrays.copyOf(tp, k), Arrays.copyOf(fp, k));
    }

    int size() {
        return thresholds.length;
    }

    int positives() {
        return size() == 0 ? 0 : truePositives[size() - 1];
    }

    int negatives() {
        return size() == 0 ? 0 : falsePositives[size() - 1];
    }
}
