package radedit.metrics;

import radedit.metrics.check.Require;

/**
 * A confidence interval.
 *
 * @param low
 *            lower bound
 * @param high
 *            upper bound, at least the lower one
 * @param level
 *            two-sided confidence level, between 0 and 1, such as 0.95
 */
public record Interval(double low, double high, double level) {
    /** Refuses bounds that are NaN or in the wrong order, and a level outside (0, 1), with an {@link IllegalArgumentException}. */
    public Interval {
        Require.that(low <= high, "an interval from " + low + " to " + high);
        Require.level(level);
    }

    /**
     * {@return whether a value is in the interval, bounds included}
     *
     * @param value
     *            NaN is in no interval
     */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }
}
