package radedit.metrics;

import java.util.Arrays;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

import radedit.metrics.check.Require;

/**
 * Wilcoxon's signed rank test of paired differences (Wilcoxon, Biometrics Bulletin 1:80, 1945): are they symmetric about 0? Zeros
 * are dropped, ties in magnitude get their mean rank.
 *
 * @param count
 *            number of differences other than 0
 * @param zeros
 *            number of zeros, which were dropped
 * @param positiveRankSum
 *            W+, the sum of ranks of positive differences
 * @param negativeRankSum
 *            W-, that of negative ones
 * @param pValue
 *            two-sided; NaN if all differences are 0
 * @param exact
 *            whether the p-value is exact, which it is up to {@link #EXACT_LIMIT} differences
 */
public record WilcoxonSignedRank(int count, int zeros, double positiveRankSum, double negativeRankSum, double pValue,
        boolean exact) {
    /** Largest number of differences for which the distribution is enumerated; above, it is approximated by a normal one. */
    public static final int EXACT_LIMIT = 50;

    /**
     * Tests paired differences. The exact p-value is that of the permutation distribution given the ranks, with ties or without
     * ({@code scipy.stats.wilcoxon}: "exact" without ties, {@code PermutationMethod} with them); the approximation has SciPy's correction
     * for ties and none for continuity.
     *
     * @param differences
     *            [n], finite
     * @return the test's result
     * @throws IllegalArgumentException
     *             if a difference is not finite
     */
    public static WilcoxonSignedRank of(double[] differences) {
        Require.finite("difference", differences);
        int n = 0;
        double[] size = new double[differences.length];
        boolean[] positive = new boolean[differences.length];
        for (double d : differences) {
            if (d != 0) {
                size[n] = Math.abs(d);
                positive[n++] = d > 0;
            }
        }
        int zeros = differences.length - n;
        if (n == 0) {
            return new WilcoxonSignedRank(0, zeros, 0, 0, Double.NaN, true);
        }
        double[] ranks = new NaturalRanking(TiesStrategy.AVERAGE).rank(Arrays.copyOf(size, n));
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += positive[i] ? ranks[i] : 0;
        }
        double all = n * (n + 1.0) / 2;
        boolean exact = n <= EXACT_LIMIT;
        double p = exact ? exact(ranks, sum) : normal(ranks, sum);
        return new WilcoxonSignedRank(n, zeros, sum, all - sum, p, exact);
    }

    /** {@return the smaller rank sum, SciPy's statistic} */
    public double statistic() {
        return Math.min(positiveRankSum, negativeRankSum);
    }

    /** Counts the sign patterns for each sum of twice the ranks, which are integers: at most 2^50 patterns, exact in a double. */
    private static double exact(double[] ranks, double sum) {
        int all = ranks.length * (ranks.length + 1);
        double[] patterns = new double[all + 1];
        patterns[0] = 1;
        for (double r : ranks) {
            int twice = (int) Math.rint(2 * r);
            for (int s = all; s >= twice; s--) {
                patterns[s] += patterns[s - twice];
            }
        }
        int observed = (int) Math.rint(2 * sum);
        int nearer = Math.min(observed, all - observed); // the distribution is symmetric
        double tail = 0;
        for (int s = 0; s <= nearer; s++) {
            tail += patterns[s];
        }
        return Math.min(1, 2 * Math.scalb(tail, -ranks.length));
    }

    /** The variance of W+ is the sum of squared ranks over 4, which includes the correction for ties. */
    private static double normal(double[] ranks, double sum) {
        double n = ranks.length;
        double squares = 0;
        for (double r : ranks) {
            squares += r * r;
        }
        double z = (sum - n * (n + 1) / 4) / Math.sqrt(squares / 4);
        return Erf.erfc(Math.abs(z) / Math.sqrt(2));
    }
}
