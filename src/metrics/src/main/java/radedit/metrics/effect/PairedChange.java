package radedit.metrics.effect;

import java.util.Arrays;

import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Median;

import radedit.metrics.WilcoxonSignedRank;
import radedit.metrics.check.Require;

/**
 * Changes of log-odds, case by case.
 *
 * @param changes
 *            [n], log-odds after minus before, in nats
 * @param clipped
 *            number of cases of which a probability was clipped ({@link ScoreScale#CLIP}), so that the change is a bound
 */
public record PairedChange(double[] changes, int clipped) {
    /**
     * {@return the changes of log-odds}
     *
     * @param before
     *            [n], scores of the originals
     * @param after
     *            [n], scores of the same cases after the edit
     * @param scale
     *            what the scores are
     * @throws IllegalArgumentException
     *             if lengths differ or a score is not on the scale
     */
    public static PairedChange of(double[] before, double[] after, ScoreScale scale) {
        Require.sameLength("scores before", before.length, "scores after", after.length);
        scale.check("score before", before);
        scale.check("score after", after);
        double[] changes = new double[before.length];
        int clipped = 0;
        for (int i = 0; i < before.length; i++) {
            changes[i] = scale.logOdds(after[i]) - scale.logOdds(before[i]);
            clipped += scale.clips(before[i]) || scale.clips(after[i]) ? 1 : 0;
        }
        return new PairedChange(changes, clipped);
    }

    /** {@return the number of cases} */
    public int count() {
        return changes.length;
    }

    /** {@return the mean change in nats; NaN without cases} */
    public double mean() {
        return StatUtils.mean(changes);
    }

    /** {@return the mean magnitude of a change in nats; NaN without cases} */
    public double meanMagnitude() {
        return Arrays.stream(changes).map(Math::abs).average().orElse(Double.NaN);
    }

    /** {@return the median change in nats; NaN without cases} */
    public double median() {
        return new Median().evaluate(changes);
    }

    /** {@return the standard deviation of changes in nats, with n - 1 in the denominator; NaN for fewer than 2 cases} */
    public double standardDeviation() {
        return changes.length < 2 ? Double.NaN : Math.sqrt(StatUtils.variance(changes));
    }

    /** {@return the signed rank test of the changes: are they symmetric about 0?} */
    public WilcoxonSignedRank wilcoxon() {
        return WilcoxonSignedRank.of(changes);
    }
}
