package radedit.imaging.pixel;

import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stored values [frames, rows, columns, samples], row-major: 32-bit integers, or doubles where a file has floating-point
 * samples or integers beyond 32 bits.
 */
public final class PixelArray {
    /** A function is tabulated before it is applied if the values span at most this number of integers. */
    private static final int MOST_ENTRIES = 1 << 16;

    private final int frames;
    private final int rows;
    private final int columns;
    private final int samples;
    private final int @Nullable [] integers;
    /** Empty if there are integers. */
    private final double[] reals;

    private PixelArray(int frames, int rows, int columns, int samples, int @Nullable [] integers, double[] reals) {
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

    /**
     * {@return an array of integers}
     *
     * @param frames
     *            number of frames
     * @param rows
     *            of a frame
     * @param columns
     *            of a frame
     * @param samples
     *            per pixel
     * @param values
     *            row-major; not copied
     */
    public static PixelArray of(int frames, int rows, int columns, int samples, int[] values) {
        return new PixelArray(frames, rows, columns, samples, values, new double[0]);
    }

    /**
     * {@return an array of unsigned 32-bit integers; stored as doubles if any needs the highest bit}
     *
     * @param frames
     *            number of frames
     * @param rows
     *            of a frame
     * @param columns
     *            of a frame
     * @param samples
     *            per pixel
     * @param bits
     *            the values' bits, row-major; not copied
     */
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

    /**
     * {@return an array of doubles}
     *
     * @param frames
     *            number of frames
     * @param rows
     *            of a frame
     * @param columns
     *            of a frame
     * @param samples
     *            per pixel
     * @param values
     *            row-major; not copied
     */
    public static PixelArray of(int frames, int rows, int columns, int samples, double[] values) {
        return new PixelArray(frames, rows, columns, samples, null, values);
    }

    /** {@return the number of frames} */
    public int frames() {
        return frames;
    }

    /** {@return rows of a frame} */
    public int rows() {
        return rows;
    }

    /** {@return columns of a frame} */
    public int columns() {
        return columns;
    }

    /** {@return samples per pixel} */
    public int samples() {
        return samples;
    }

    /** {@return the number of values in a frame} */
    public int frameSize() {
        return rows * columns * samples;
    }

    /** {@return the number of values} */
    public int size() {
        return frames * frameSize();
    }

    /** {@return whether the values are stored as integers} */
    public boolean isInteger() {
        return integers != null;
    }

    /**
     * {@return the values, not a copy}
     *
     * @throws IllegalStateException
     *             if they are stored as doubles
     */
    public int[] integers() {
        if (integers == null) {
            throw new IllegalStateException("the values are stored as doubles");
        }
        return integers;
    }

    /** {@return a deep copy} */
    public PixelArray copy() {
        return new PixelArray(frames, rows, columns, samples, integers == null ? null : integers.clone(),
                reals.clone());
    }

    /**
     * Replaces a value.
     *
     * @param index
     *            row-major
     * @param v
     *            the value; truncated if values are stored as integers
     */
    public void put(int index, double v) {
        if (integers != null) {
            integers[index] = (int) v;
        } else {
            reals[index] = v;
        }
    }

    /**
     * {@return a value}
     *
     * @param index
     *            row-major
     */
    public double at(int index) {
        return integers != null ? integers[index] : reals[index];
    }

    /**
     * Computes the least and the greatest result of a function over a range of values. NaN results are left out.
     *
     * @param from
     *            the first index
     * @param to
     *            one past the last
     * @param f
     *            the function
     * @param counts
     *            stored values for which it is false are left out
     * @return least and greatest; infinity and minus infinity if no value counts
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

    /**
     * Applies a function to a range of values.
     *
     * @param from
     *            the first index
     * @param to
     *            one past the last
     * @param f
     *            the function
     * @param out
     *            receives the results
     * @param at
     *            index in {@code out} of the first result
     */
    public void map(int from, int to, DoubleUnaryOperator f, double[] out, int at) {
        Span span = span(from, to);
        if (span == null) {
            for (int i = from; i < to; i++) {
                out[at + i - from] = f.applyAsDouble(at(i));
            }
            return;
        }
        double[] table = new double[span.entries()];
        for (int k = 0; k < table.length; k++) {
            table[k] = f.applyAsDouble(span.min + k);
        }
        for (int i = from; i < to; i++) {
            out[at + i - from] = table[span.values[i] - span.min];
        }
    }

    /**
     * Applies a function whose results are grey levels to a range of values.
     *
     * @param from
     *            the first index
     * @param to
     *            one past the last
     * @param f
     *            the function; results of 0 to 255
     * @return the results, truncated, unsigned
     */
    public byte[] mapToLevels(int from, int to, DoubleUnaryOperator f) {
        byte[] out = new byte[to - from];
        Span span = span(from, to);
        if (span == null) {
            for (int i = from; i < to; i++) {
                out[i - from] = (byte) (int) f.applyAsDouble(at(i));
            }
            return out;
        }
        byte[] table = new byte[span.entries()];
        for (int k = 0; k < table.length; k++) {
            table[k] = (byte) (int) f.applyAsDouble(span.min + k);
        }
        for (int i = from; i < to; i++) {
            out[i - from] = table[span.values[i] - span.min];
        }
        return out;
    }

    /** Integers, with the least and the greatest of a range of them. */
    private record Span(int[] values, int min, int max) {
        int entries() {
            return max - min + 1;
        }
    }

    /** The integers, if tabulating a function over those of a range pays; otherwise null. */
    private @Nullable Span span(int from, int to) {
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
        return entries <= MOST_ENTRIES && entries <= to - from ? new Span(integers, min, max) : null;
    }
}
