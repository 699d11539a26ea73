package radedit.imaging;

import java.util.function.DoubleUnaryOperator;

/**
 * Inverse of a monotone curve, for values that are too many for a table: floating-point numbers and integers of a wide
 * range. Found by bisection, or directly where the curve is a straight line.
 */
final class MonotoneInverse implements LevelInverse {
    private static final double EQUAL = 1e-13;
    /** Bisection ends when no double lies between the two bounds, at the latest after this number of steps. */
    private static final int MOST_STEPS = 2100;

    private final DoubleUnaryOperator curve;
    private final DoubleUnaryOperator rounding;
    private final double min;
    private final double max;
    private final double first;
    private final double last;

    /**
     * @param curve
     *            from stored values to levels
     * @param min
     *            the lowest stored value that may be returned
     * @param max
     *            the highest
     * @param rounding
     *            to a value that can be stored
     */
    MonotoneInverse(DoubleUnaryOperator curve, double min, double max, DoubleUnaryOperator rounding) {
        this.curve = curve;
        this.rounding = rounding;
        this.min = min;
        this.max = max;
        this.first = curve.applyAsDouble(min);
        this.last = curve.applyAsDouble(max);
    }

    @Override
    public double level(double stored) {
        return curve.applyAsDouble(stored);
    }

    @Override
    public double nearest(double level, double stored) {
        boolean rising = last > first;
        double old = curve.applyAsDouble(stored);
        double wanted = Math.clamp(level, Math.min(first, last), Math.max(first, last));
        if (first == last || old == wanted) {
            return stored;
        }
        double guess = min + (wanted - first) / (last - first) * (max - min);
        if (wanted > 0 && wanted < 1 && Math.abs(curve.applyAsDouble(guess) - wanted) < EQUAL) {
            return rounded(guess);
        }
        // Bracket: from the pixel's previous value, clamped to the range, to one end of the range.
        boolean upwards = wanted > old == rising;
        double here = stored >= min && stored <= max ? stored : upwards ? min : max;
        double there = upwards ? max : min;
        for (int i = 0; i < MOST_STEPS; i++) {
            double middle = here + (there - here) / 2;
            if (middle == here || middle == there) {
                break;
            }
            double y = curve.applyAsDouble(middle);
            if (wanted > old ? y < wanted : y > wanted) {
                here = middle;
            } else {
                there = middle;
            }
        }
        return rounded(there);
    }

    private double rounded(double v) {
        return Math.clamp(rounding.applyAsDouble(v), min, max);
    }
}
