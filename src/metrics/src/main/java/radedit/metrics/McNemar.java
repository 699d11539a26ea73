package radedit.metrics;

import org.apache.commons.math3.special.Beta;

import radedit.metrics.check.Require;

/**
 * McNemar's exact test of paired decisions (McNemar, Psychometrika 12:153, 1947): are changes from "yes" to "no" as frequent as
 * the reverse? Only pairs that differ count.
 *
 * @param bothYes
 *            "yes" before and after; at least 0, as all counts are
 * @param yesToNo
 *            "yes" before, "no" after
 * @param noToYes
 *            "no" before, "yes" after
 * @param bothNo
 *            "no" before and after
 */
public record McNemar(int bothYes, int yesToNo, int noToYes, int bothNo) {
    /** Refuses negative counts with an {@link IllegalArgumentException}. */
    public McNemar {
        Require.that(bothYes >= 0 && yesToNo >= 0 && noToYes >= 0 && bothNo >= 0, "a count of pairs is negative");
    }

    /**
     * {@return the table of these pairs}
     *
     * @param before
     *            [n], decisions
     * @param after
     *            [n], decisions on the same cases
     * @throws IllegalArgumentException
     *             if lengths differ
     */
    public static McNemar of(boolean[] before, boolean[] after) {
        Require.sameLength("decisions before", before.length, "decisions after", after.length);
        int[] n = new int[4];
        for (int i = 0; i < before.length; i++) {
            n[(before[i] ? 2 : 0) + (after[i] ? 1 : 0)]++;
        }
        return new McNemar(n[3], n[2], n[1], n[0]);
    }

    /**
     * {@return the two-sided exact p-value: twice the binomial probability of min(yesToNo, noToYes) successes or fewer in
     * yesToNo + noToYes trials at 1/2, at most 1. Equal to {@code statsmodels.stats.contingency_tables.mcnemar(exact=True)} and
     * {@code scipy.stats.binomtest}; 1 without pairs that differ}
     */
    public double pValue() {
        int few = Math.min(yesToNo, noToYes);
        int many = Math.max(yesToNo, noToYes);
        if (few == many) {
            return 1;
        }
        // P(X <= few) = I(1/2; n - few, few + 1): no difference from 1, so small values keep their digits.
        return Math.min(1, 2 * Beta.regularizedBeta(0.5, many, few + 1.0));
    }
}
