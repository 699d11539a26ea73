package radedit.imaging.codec;

/**
 * The traversal of resolutions that both inverse wavelet transforms share (T.800 F.3). The plane of coefficients
 * initially consists of quarters as described by {@link J2kBand}; each level interleaves the low and high samples of
 * every row, then of every column, until the plane contains samples.
 *
 * <p>
 * A transform operates on a line whose low and high samples are separate. Columns are processed in strips: a unit is
 * then a strip's row rather than a single sample, so the same code serves both directions and its loops run along
 * memory.
 *
 * @param <A>
 *            array type of the plane
 */
abstract class J2kWavelet<A> {
    /** Columns of a strip: a strip of 3000 rows fits into the L2 cache. */
    private static final int STRIP = 32;
    private static final int ROWS_AT_ONCE = 64;

    private final A plane;
    private final int stride;

    /** For a plane with {@code stride} samples per row. */
    J2kWavelet(A plane, int stride) {
        this.plane = plane;
        this.stride = stride;
    }

    /**
     * Scratch for one strip or row. Each half has room for one unit (a sample, or a strip's row) before its first and
     * after its last.
     *
     * @param low
     *            low units
     * @param high
     *            high units
     */
    record Halves<A>(A low, A high) {
    }

    abstract A newArray(int length);

    /**
     * Transforms lines in place.
     *
     * @param low
     *            number of low units; unit 0 begins at index {@code unit}
     * @param high
     *            number of high units
     * @param unit
     *            samples per unit
     * @param odd
     *            0 if the line begins with a low unit, 1 if with a high one
     */
    abstract void lift(Halves<A> halves, int low, int high, int unit, int odd);

    /** A line of a single high sample. */
    abstract void halve(A array, int at);

    /** Rebuilds the samples from the lowest resolution up. */
    void inverse(int[][] resolutions) {
        for (int r = 1; r < resolutions.length; r++) {
            int[] box = resolutions[r];
            int[] below = resolutions[r - 1];
            int width = box[2] - box[0];
            int height = box[3] - box[1];
            int lowX = below[2] - below[0];
            int lowY = below[3] - below[1];
            if (width > 0 && height > 0) {
                rows(width, height, lowX, box[0] & 1);
                columns(width, height, lowY, box[1] & 1);
            }
        }
    }

    private void rows(int width, int height, int low, int odd) {
        int high = width - low;
        Ranges.run(height, ROWS_AT_ONCE, (from, to) -> {
            Halves<A> halves = new Halves<>(newArray(low + 2), newArray(high + 2));
            for (int y = from; y < to; y++) {
                int at = y * stride;
                if (width == 1) {
                    if (odd == 1) {
                        halve(plane, at);
                    }
                    continue;
                }
                System.arraycopy(plane, at, halves.low, 1, low);
                System.arraycopy(plane, at + low, halves.high, 1, high);
                lift(halves, low, high, 1, odd);
                interleave(halves.low, low, plane, at + odd);
                interleave(halves.high, high, plane, at + 1 - odd);
            }
        });
    }

    /** Writes samples, from index 1 of {@code from}, to every second position. */
    abstract void interleave(A from, int count, A to, int at);

    private void columns(int width, int height, int low, int odd) {
        int high = height - low;
        Ranges.run((width + STRIP - 1) / STRIP, 1 + 8192 / (height + 1), (from, to) -> {
            Halves<A> halves = new Halves<>(newArray((low + 2) * STRIP), newArray((high + 2) * STRIP));
            for (int strip = from; strip < to; strip++) {
                int x = strip * STRIP;
                int unit = Math.min(STRIP, width - x);
                if (height == 1) {
                    for (int i = 0; i < unit && odd == 1; i++) {
                        halve(plane, x + i);
                    }
                    continue;
                }
                for (int y = 0; y < low; y++) {
                    System.arraycopy(plane, y * stride + x, halves.low, (y + 1) * unit, unit);
                }
                for (int y = 0; y < high; y++) {
                    System.arraycopy(plane, (low + y) * stride + x, halves.high, (y + 1) * unit, unit);
                }
                lift(halves, low, high, unit, odd);
                for (int y = 0; y < low; y++) {
                    System.arraycopy(halves.low, (y + 1) * unit, plane, (2 * y + odd) * stride + x, unit);
                }
                for (int y = 0; y < high; y++) {
                    System.arraycopy(halves.high, (y + 1) * unit, plane, (2 * y + 1 - odd) * stride + x, unit);
                }
            }
        });
    }

    /** Repeats the first and last units beyond the ends, which equals symmetric extension here. */
    static void extend(Object units, int count, int unit) {
        System.arraycopy(units, unit, units, 0, unit);
        System.arraycopy(units, count * unit, units, (count + 1) * unit, unit);
    }
}
