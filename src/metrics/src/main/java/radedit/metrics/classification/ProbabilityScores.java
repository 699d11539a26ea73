package radedit.metrics.classification;

import radedit.metrics.check.Require;

/** Proper scores of predicted probabilities. */
public final class ProbabilityScores {
    /** Probabilities are clipped to [CLIP, 1 - CLIP] in {@link #logLoss}: 2^-52, as in scikit-learn. */
    public static final double CLIP = 0x1p-52;

    private ProbabilityScores() {
    }

    /**
     * Brier score: the mean of (p - y)^2 with y 0 or 1 (Brier, Monthly Weather Review 78:1, 1950). Equal to
     * {@code sklearn.metrics.brier_score_loss}.
     *
     * @param positive
     *            [n], the truth
     * @param probabilities
     *            [n], of "yes", from 0 to 1
     * @return from 0 (perfect) to 1; NaN if n is 0
     * @throws IllegalArgumentException
     *             if lengths differ or a value is not a probability
     */
    public static double brier(boolean[] positive, double[] probabilities) {
        check(positive, probabilities);
        double sum = 0;
        for (int i = 0; i < positive.length; i++) {
            double d = probabilities[i] - (positive[i] ? 1 : 0);
            sum += d * d;
        }
        return sum / positive.length;
    }

    /**
     * Log loss (cross entropy): the mean of -log(probability of the truth), with probabilities clipped by {@link #CLIP}. Equal to
     * {@code sklearn.metrics.log_loss}.
     *
     * @param positive
     *            [n], the truth
     * @param probabilities
     *            [n], of "yes", from 0 to 1
     * @return in nats, at least 0; NaN if n is 0
     * @throws IllegalArgumentException
     *             if lengths differ or a value is not a probability
     */
    public static double logLoss(boolean[] positive, double[] probabilities) {
        check(positive, probabilities);
        double sum = 0;
        for (int i = 0; i < positive.length; i++) {
            double p = Math.clamp(probabilities[i], CLIP, 1 - CLIP);
            sum -= Math.log(positive[i] ? p : 1 - p);
        }
        return sum / positive.length;
    }

    private static void check(boolean[] positive, double[] probabilities) {
        Require.sameLength("truths", positive.length, "probabilities", probabilities.length);
        Require.probabilities("probability", probabilities);
    }
}
