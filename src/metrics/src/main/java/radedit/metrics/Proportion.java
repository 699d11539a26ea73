package radedit.metrics;

import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.special.Beta;

import radedit.metrics.check.Require;

/**
 * A proportion of independent trials and its confidence intervals. Without trials nothing is known: the rate is NaN, and every
 * interval is [0, 1].
 *
 * @param successes
 *            from 0 to trials
 * @param trials
 *            at least 0
 */
public record Proportion(int successes, int trials) {
    /** Refuses counts out of range with an {@link IllegalArgumentException}. */
    public Proportion {
        Require.that(successes >= 0 && successes <= trials, successes + " successes in " + trials + " trials");
    }

    /** {@return successes / trials; NaN without trials} */
    public double rate() {
        return trials == 0 ? Double.NaN : (double) successes / trials;
    }

    /**
     * Score interval (Wilson, JASA 22:209, 1927). Equal to {@code statsmodels.stats.proportion.proportion_confint} with method
     * "wilson".
     *
     * @param level
     *            two-sided confidence level, between 0 and 1
     * @return within [0, 1]
     * @throws IllegalArgumentException
     *             if the level is out of range
     */
    public Interval wilson(double level) {
        Require.level(level);
        if (trials == 0) {
            return new Interval(0, 1, level);
        }
        double z = -new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 - level) / 2);
        double n = trials;
        double p = successes / n;
        double scale = 1 / (1 + z * z / n);
        double centre = scale * (p + z * z / (2 * n));
        double half = scale * z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        // At the ends the bounds are 0 and 1 exactly; rounding must not move them.
        return new Interval(successes == 0 ? 0 : centre - half, successes == trials ? 1 : centre + half, level);
    }

    /**
     * Exact interval (Clopper and Pearson, Biometrika 26:404, 1934): coverage is at least the level. Equal to
     * {@code statsmodels.stats.proportion.proportion_confint} with method "beta".
     *
     * @param level
     *            two-sided confidence level, between 0 and 1
     * @return within [0, 1]
     * @throws IllegalArgumentException
     *             if the level is out of range
     */
    public Interval clopperPearson(double level) {
        Require.level(level);
        return new Interval(lower((1 - level) / 2), upper((1 - level) / 2), level);
    }

    /**
     * {@return the one-sided exact upper bound: the largest rate at which this many successes or fewer have a probability of at least
     * 1 - level. With no success it is 1 - (1 - level)^(1 / trials)}
     *
     * @param level
     *            one-sided confidence level, between 0 and 1, such as 0.95
     * @throws IllegalArgumentException
     *             if the level is out of range
     */
    public double clopperPearsonUpper(double level) {
        Require.level(level);
        return upper(1 - level);
    }

    /**
     * {@return the one-sided exact lower bound: the smallest rate at which this many successes or more have a probability of at
     * least 1 - level}
     *
     * @param level
     *            one-sided confidence level, between 0 and 1, such as 0.95
     * @throws IllegalArgumentException
     *             if the level is out of range
     */
    public double clopperPearsonLower(double level) {
        Require.level(level);
        return lower(1 - level);
    }

    private double lower(double tail) {
        return successes == 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1.0);
    }

    private double upper(double tail) {
        if (successes == trials) {
            return 1;
        }
        return successes == 0
                ? -Math.expm1(Math.log(tail) / trials)
                : betaQuantile(1 - tail, successes + 1.0, trials - successes);
    }

    /** Solved for the logarithm, so that small bounds keep their digits; BetaDistribution's quantile is accurate to 1e-9 only. */
    private static double betaQuantile(double p, double alpha, double beta) {
        double least = Math.log(Double.MIN_NORMAL);
        return Math.exp(new BrentSolver(1e-15, 1e-15, 1e-300).solve(1000,
                u -> Beta.regularizedBeta(Math.exp(u), alpha, beta) - p, least, 0));
    }
}
