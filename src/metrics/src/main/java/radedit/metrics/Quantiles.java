package radedit.metrics;

import java.util.Arrays;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The two quantiles of the resampled statistics that bound an interval.
 *
 * @param low
 *            from 0 to 1; NaN if undefined
 * @param high
 *            from 0 to 1; NaN if undefined
 */
record Quantiles(double low, double high) {
    static Quantiles percentile(double level) {
        return new Quantiles((1 - level) / 2, 1 - (1 - level) / 2);
    }

    /**
     * Efron and Tibshirani 1993, equations 14.9 to 14.15.
     *
     * @param replicates
     *            in ascending order
     * @param jackknife
     *            the statistic without each patient
     */
    static Quantiles bca(double level, double[] replicates, double estimate, double[] jackknife) {
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        long below = 0; // twice the number below, ties counting once
        for (double r : replicates) {
            below += r < estimate ? 2 : r == estimate ? 1 : 0;
        }
        double share = below / (2.0 * replicates.length);
        double acceleration = acceleration(jackknife);
        if (!(share > 0 && share < 1) || Double.isNaN(acceleration)) {
            return new Quantiles(Double.NaN, Double.NaN);
        }
        double bias = normal.inverseCumulativeProbability(share);
        double z = normal.inverseCumulativeProbability((1 - level) / 2);
        double shrinkLow = 1 - acceleration * (bias + z);
        double shrinkHigh = 1 - acceleration * (bias - z);
        if (!(shrinkLow > 0 && shrinkHigh > 0)) { // past the pole the bounds would change places
            return new Quantiles(Double.NaN, Double.NaN);
        }
        return new Quantiles(normal.cumulativeProbability(bias + (bias + z) / shrinkLow),
                normal.cumulativeProbability(bias + (bias - z) / shrinkHigh));
    }

    private static double acceleration(double[] jackknife) {
        double mean = Arrays.stream(jackknife).average().orElseThrow();
        double squares = 0;
        double cubes = 0;
        for (double j : jackknife) {
            double u = mean - j;
            squares += u * u;
            cubes += u * u * u;
        }
        return cubes / (6 * Math.pow(squares, 1.5));
    }

    boolean defined() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }

    /** The quantiles' values, interpolated as in numpy.quantile (Hyndman and Fan's type 7). */
    Interval of(double[] ascending, double level) {
        return new Interval(value(ascending, low), value(ascending, high), level);
    }

    private static double value(double[] ascending, double q) {
        double at = q * (ascending.length - 1);
        int i = (int) at;
        double next = ascending[Math.min(i + 1, ascending.length - 1)];
        return ascending[i] + (at - i) * (next - ascending[i]);
    }
}
