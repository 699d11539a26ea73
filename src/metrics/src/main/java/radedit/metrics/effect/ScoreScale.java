package radedit.metrics.effect;

import radedit.metrics.check.Require;

/** What a score is, and so how its log-odds are computed. */
public enum ScoreScale {
    /** A probability from 0 to 1, clipped to [{@link #CLIP}, 1 - CLIP] for log-odds: to within 13.82 of 0. */
    PROBABILITY,
    /** Log-odds already, in nats: any finite number. */
    LOGIT;

    /** The smallest probability whose log-odds are distinguished, 1e-6; smaller ones count as this one, and likewise near 1. */
    public static final double CLIP = 1e-6;

    /**
     * {@return log(p / (1 - p)) of a probability after clipping, or the logit itself; in nats}
     *
     * @param score
     *            a score on this scale
     */
    public double logOdds(double score) {
        if (this == LOGIT) {
            return score;
        }
        double p = Math.clamp(score, CLIP, 1 - CLIP);
        return Math.log(p) - Math.log1p(-p);
    }

    /**
     * {@return whether {@link #logOdds} clips this score}
     *
     * @param score
     *            a score on this scale
     */
    public boolean clips(double score) {
        return this == PROBABILITY && (score < CLIP || score > 1 - CLIP);
    }

    /** Refuses scores that are not on this scale. */
    void check(String name, double[] scores) {
        if (this == PROBABILITY) {
            Require.probabilities(name, scores);
        } else {
            Require.finite(name, scores);
        }
    }
}
