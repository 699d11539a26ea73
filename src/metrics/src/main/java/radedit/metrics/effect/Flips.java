package radedit.metrics.effect;

import radedit.metrics.McNemar;
import radedit.metrics.Proportion;
import radedit.metrics.check.Require;

/**
 * Decisions that an edit flips, among the originals decided "no" and among those decided "yes". The bound usually reported is
 * {@code fromNo().clopperPearsonUpper(0.95)}.
 *
 * @param fromNo
 *            originals decided "no" (trials) and those of them decided "yes" after the edit (successes)
 * @param fromYes
 *            originals decided "yes" (trials) and those of them decided "no" after the edit (successes)
 */
public record Flips(Proportion fromNo, Proportion fromYes) {
    /**
     * {@return the flips at a frozen threshold}
     *
     * @param before
     *            [n], scores of the originals, finite
     * @param after
     *            [n], scores of the same cases after the edit, finite
     * @param threshold
     *            finite; a score at least this is decided "yes"
     * @throws IllegalArgumentException
     *             if lengths differ or a number is not finite
     */
    public static Flips of(double[] before, double[] after, double threshold) {
        Require.sameLength("scores before", before.length, "scores after", after.length);
        return of(Decisions.of("score before", before, threshold), Decisions.of("score after", after, threshold));
    }

    /**
     * {@return the flips of given decisions}
     *
     * @param before
     *            [n], true for "yes"
     * @param after
     *            [n], true for "yes"
     * @throws IllegalArgumentException
     *             if lengths differ
     */
    public static Flips of(boolean[] before, boolean[] after) {
        McNemar t = McNemar.of(before, after);
        return new Flips(new Proportion(t.noToYes(), t.noToYes() + t.bothNo()),
                new Proportion(t.yesToNo(), t.yesToNo() + t.bothYes()));
    }

    /** {@return all flips among all cases} */
    public Proportion all() {
        return new Proportion(fromNo.successes() + fromYes.successes(), fromNo.trials() + fromYes.trials());
    }

    /** {@return the test of whether flips in both directions are as frequent} */
    public McNemar mcNemar() {
        return new McNemar(fromYes.trials() - fromYes.successes(), fromYes.successes(), fromNo.successes(),
                fromNo.trials() - fromNo.successes());
    }
}
