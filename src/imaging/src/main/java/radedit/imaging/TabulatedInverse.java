package radedit.imaging;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

import radedit.imaging.pixel.Padding;

/**
 * Inverse of any curve from stored values to levels (a window, a table, monotone or not), by a sorted table: the value
 * whose level is nearest; among several, as beyond a window's ends, the one nearest to the pixel's previous value. A
 * pixel whose level does not change therefore keeps its value.
 */
final class TabulatedInverse implements LevelInverse {
    private final DoubleUnaryOperator curve;
    /** Sorted by level, then by value. */
    private final int[] values;
    private final double[] levels;

    /**
     * @param curve
     *            from stored values to levels
     * @param min
     *            the lowest possible stored value
     * @param max
     *            the highest, at most 65535 above the lowest
     * @param padding
     *            values that are never returned
     */
    TabulatedInverse(DoubleUnaryOperator curve, int min, int max, Padding padding) {
        this.curve = curve;
        double[] table = new double[max - min + 1];
        Arrays.setAll(table, i -> curve.applyAsDouble(min + i));
        this.values = IntStream.rangeClosed(min, max).filter(v -> !padding.contains(v)).boxed()
                .sorted(Comparator.comparingDouble((Integer v) -> table[v - min]).thenComparingInt(v -> v))
                .mapToInt(v -> v).toArray();
        this.levels = Arrays.stream(values).mapToDouble(v -> table[v - min]).toArray();
    }

    @Override
    public double level(double stored) {
        return curve.applyAsDouble(stored);
    }

    @Override
    public double nearest(double level, double before) {
        int stored = (int) before;
        if (values.length == 0) {
            return stored;
        }
        int above = first(level);
        double best = above == levels.length
                || above > 0 && level - levels[above - 1] <= levels[above] - level ? levels[above - 1] : levels[above];
        int from = first(best);
        int to = first(Math.nextUp(best));
        int at = Arrays.binarySearch(values, from, to, stored);
        if (at >= 0) {
            return stored;
        }
        int next = -at - 1;
        if (next == to || next > from && stored - values[next - 1] <= values[next] - stored) {
            return values[next - 1];
        }
        return values[next];
    }

    /** Index of the first level that is not below the given one. */
    private int first(double level) {
        int from = 0;
        int to = levels.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (levels[middle] < level) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
