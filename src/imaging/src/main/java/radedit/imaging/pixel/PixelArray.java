package radedit.imaging.pixel;

import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;

/**
 * Stored values [frames, rows, columns, samples], row-major. They are whole numbers of 32 bits, or doubles where a file
 * holds floating-point samples or whole numbers beyond 32 bits.
 */
public final class PixelArray {
    /** Up to so many different values, a function is tabulated before it is applied. */
    private static final int MOST_ENTRIES = 1 << 16;

    private final int frames;
    private final int rows;
    private final int columns;
    private final int samples;
    private final int[] integers;
    private final double[] reals;

    private PixelArray(int frames, int rows, int columns, int samples, int[] integers, double[] reals) {
        long size = (long) frames * rows * columns * samples;
        int given = integers == null ? reals.length : integers.length;
        if (frames < 1 || rows < 1 || columns < 1 || samples < 1 || size != given) {
            throw new IllegalArgumentException(
                    given + " values for " + frames + " x " + rows + " x " + columns + " x " + samples);
        }
        this.frames = frames;
        this.rows = rows;
        this.columns = columns;
        this.samples = samples;
        this.integers = integers;
        this.reals = reals;
    }

    /** Whole numbers; not copied. */
    public static PixelArray of(int frames, int rows, int columns, int samples, int[] values) {
        return new PixelArray(frames, rows, columns, samples, values, null);
    }

    /** Whole numbers of 32 bits without a sign, given as their bits: doubles if any of them needs the highest one. */
    public static PixelArray ofUnsigned(int frames, int rows, int columns, int samples, int[] bits) {
        for (int v : bits) {
            if (v < 0) {
                double[] values = new double[bits.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = Integer.toUnsignedLong(bits[i]);
                }
                return of(frames, rows, columns, samples, values);
            }
        }
        return of(frames, rows, columns, samples, bits);
    }

    /** Other numbers; not copied. */
    public static PixelArray of(int frames, int rows, int columns, int samples, double[] values) {
        return new PixelArray(frames, rows, columns, samples, null, values);
    }

    public int frames() {
        return frames;
    }

    public int rows() {
        return rows;
    }

    public int columns() {
        return columns;
    }

    public int samples() {
        return samples;
    }

    /** Values of one frame. */
    public int frameSize() {
        return rows * columns * samples;
    }

    public int size() {
        return frames * frameSize();
    }

    public boolean isInteger() {
        return integers != null;
    }

    /** The values, not a copy; null unless they are whole numbers. */
    public int[] integers() {
        return integers;
    }

    /** The same values in an array of their own. */
    public PixelArray copy() {
        return new PixelArray(frames, rows, columns, samples, integers == null ? null : integers.clone(),
                reals == null ? null : reals.clone());
    }

    /** Replaces a value; of whole numbers by one. */
    public void put(int index, double v) {
        if (integers != null) {
            integers[index] = (int) v;
        } else {
            reals[index] = v;
        }
    }

    public double at(int index) {
        return integers != null ? integers[index] : reals[index];
    }

    /**
     * The least and greatest result of a function over a run of values, of those that a test lets pass; values that are
     * not numbers are left out.
     *
     * @return both, or infinity and minus infinity if there is none
     */
    public double[] range(int from, int to, DoubleUnaryOperator f, DoublePredicate counts) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double v = at(i);
            if (counts.test(v)) {
                double y = f.applyAsDouble(v);
                // Comparisons with NaN are false.
                min = y < min ? y : min;
                max = y > max ? y : max;
            }
        }
        return new double[]{min, max};
    }

    /** Applies a function to a run of values and writes the results from a place on. */
    public void map(int from, int to, DoubleUnaryOperator f, double[] out, int at) {
        int[] ends = tabulated(from, to);
        if (ends == null) {
            for (int i = from; i < to; i++) {
                out[at + i - from] = f.applyAsDouble(at(i));
            }
            return;
        }
        double[] table = new double[ends[1] - ends[0] + 1];
        for (int k = 0; k < table.length; k++) {
            table[k] = f.applyAsDouble(ends[0] + k);
        }
        for (int i = from; i < to; i++) {
            out[at + i - from] = table[integers[i] - ends[0]];
        }
    }

    /** The same for a function whose results are grey levels from 0 to 255. */
    public byte[] mapToLevels(int from, int to, DoubleUnaryOperator f) {
        byte[] out = new byte[to - from];
        int[] ends = tabulated(from, to);
        if (ends == null) {
            for (int i = from; i < to; i++) {
                out[i - from] = (byte) (int) f.applyAsDouble(at(i));
            }
            return out;
        }
        byte[] table = new byte[ends[1] - ends[0] + 1];
        for (int k = 0; k < table.length; k++) {
            table[k] = (byte) (int) f.applyAsDouble(ends[0] + k);
        }
        for (int i = from; i < to; i++) {
            out[i - from] = table[integers[i] - ends[0]];
        }
        return out;
    }

    /** The ends of a table for a run of values; null where one would not pay. */
    private int[] tabulated(int from, int to) {
        if (integers == null || from == to) {
            return null;
        }
        int min = integers[from];
        int max = min;
        for (int i = from + 1; i < to; i++) {
            min = Math.min(min, integers[i]);
            max = Math.max(max, integers[i]);
        }
        long entries = (long) max - min + 1;
        return entries <= MOST_ENTRIES && entries <= to - from ? new int[]{min, max} : null;
    }
}
