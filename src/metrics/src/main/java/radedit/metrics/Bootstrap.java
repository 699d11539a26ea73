package radedit.metrics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import radedit.metrics.check.Require;

/**
 * Cluster bootstrap: patients, not films, are drawn with replacement, as many as there are, and a statistic is computed from the rows
 * of those drawn (Efron and Tibshirani, An Introduction to the Bootstrap, 1993; Field and Welsh, JRSS B 69:369, 2007). Each resample
 * has a random generator of its own, split from the seed's, so results do not depend on the number of threads. The same seed draws
 * the same patients for every statistic.
 *
 * <p>
 * Resamples are evaluated in the common pool of threads; run inside a {@link java.util.concurrent.ForkJoinPool} to use another.
 *
 * @param resamples
 *            number of resamples, from 100 to 10 million
 * @param level
 *            two-sided confidence level, between 0 and 1
 * @param seed
 *            any
 * @param method
 *            how the interval is made
 */
public record Bootstrap(int resamples, double level, long seed, Method method) {
    /** Number of resamples of {@link #seeded}. */
    public static final int DEFAULT_RESAMPLES = 2000;

    /** Largest share of resamples in which the statistic may be undefined; with more, no interval is given. */
    public static final double MAX_UNDEFINED_SHARE = 0.05;

    /** How an interval is made from the resamples. */
    public enum Method {
        /** Quantiles of the resampled statistics, interpolated linearly. */
        PERCENTILE,
        /**
         * Bias-corrected and accelerated: quantiles shifted by the estimate's place among the resamples and by the skewness of the
         * jackknife over patients (Efron, JASA 82:171, 1987). Equal to {@code scipy.stats.bootstrap} for one row a patient.
         */
        BCA
    }

    /** Refuses settings out of range with an {@link IllegalArgumentException}. */
    public Bootstrap {
        Require.that(resamples >= 100 && resamples <= 10_000_000,
                resamples + " resamples, not from 100 to 10 million");
        Require.level(level);
    }

    /**
     * {@return a BCa bootstrap with 2000 resamples at the level 0.95}
     *
     * @param seed
     *            any
     */
    public static Bootstrap seeded(long seed) {
        return new Bootstrap(DEFAULT_RESAMPLES, 0.95, seed, Method.BCA);
    }

    /**
     * Estimates a statistic and its interval.
     *
     * @param clusters
     *            the rows of each patient
     * @param statistic
     *            called for all rows, for each resample and, for BCa, without each patient in turn
     * @return the estimate with its interval, or the reason why there is none
     */
    public BootstrapResult of(Clusters clusters, RowStatistic statistic) {
        double estimate = statistic.of(clusters.rowsOf(IntStream.range(0, clusters.count()).toArray()));
        if (clusters.count() < 2) {
            return BootstrapResult.refused(estimate, clusters.count(), 0, 0,
                    "an interval needs at least 2 patients, not " + clusters.count());
        }
        if (!Double.isFinite(estimate)) {
            return BootstrapResult.refused(estimate, clusters.count(), 0, 0, "the statistic is undefined");
        }
        double[] replicates = Arrays.stream(replicates(clusters, statistic)).filter(Double::isFinite).sorted()
                .toArray();
        int undefined = resamples - replicates.length;
        if (undefined > MAX_UNDEFINED_SHARE * resamples) {
            return BootstrapResult.refused(estimate, clusters.count(), resamples, undefined,
                    "the statistic is undefined in " + undefined + " of " + resamples + " resamples");
        }
        if (replicates[0] == replicates[replicates.length - 1]) {
            return BootstrapResult.refused(estimate, clusters.count(), resamples, undefined,
                    "all resamples give the same value");
        }
        Quantiles quantiles = Quantiles.percentile(level);
        if (method == Method.BCA) {
            quantiles = Quantiles.bca(level, replicates, estimate, jackknife(clusters, statistic));
            if (!quantiles.defined()) {
                return BootstrapResult.refused(estimate, clusters.count(), resamples, undefined,
                        "BCa is undefined: without some patient the statistic is undefined, leaving out any patient leaves it "
                                + "unchanged, or it is outside the resamples");
            }
        }
        return BootstrapResult.of(estimate, quantiles.of(replicates, level), clusters.count(), resamples, undefined);
    }

    private double[] replicates(Clusters clusters, RowStatistic statistic) {
        SplittableRandom root = new SplittableRandom(seed);
        SplittableRandom[] generators = new SplittableRandom[resamples];
        Arrays.setAll(generators, b -> root.split());
        int n = clusters.count();
        return IntStream.range(0, resamples).parallel().mapToDouble(b -> {
            int[] drawn = new int[n];
            for (int i = 0; i < n; i++) {
                drawn[i] = generators[b].nextInt(n);
            }
            return statistic.of(clusters.rowsOf(drawn));
        }).toArray();
    }

    private static double[] jackknife(Clusters clusters, RowStatistic statistic) {
        int n = clusters.count();
        return IntStream.range(0, n).parallel().mapToDouble(
                left -> statistic.of(clusters.rowsOf(IntStream.range(0, n).filter(i -> i != left).toArray())))
                .toArray();
    }
}
