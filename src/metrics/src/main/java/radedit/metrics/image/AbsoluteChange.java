package radedit.metrics.image;

import radedit.metrics.check.Require;

/**
 * The absolute change |after - before| of a set of pixels, in the pictures' unit. All are NaN if the set is empty.
 *
 * @param count
 *            number of pixels
 * @param mean
 *            mean absolute change
 * @param largest
 *            largest absolute change
 * @param rms
 *            root of the mean squared change
 */
public record AbsoluteChange(int count, double mean, double largest, double rms) {
    /**
     * {@return the change of the whole picture}
     *
     * @param before
     *            [n], finite
     * @param after
     *            [n], finite
     * @throws IllegalArgumentException
     *             if lengths differ or a level is not finite
     */
    public static AbsoluteChange of(double[] before, double[] after) {
        boolean[] all = new boolean[before.length];
        return outside(before, after, all);
    }

    /**
     * {@return the change inside a mask}
     *
     * @param before
     *            [n], finite
     * @param after
     *            [n], finite
     * @param mask
     *            [n], true inside
     * @throws IllegalArgumentException
     *             if lengths differ or a level is not finite
     */
    public static AbsoluteChange inside(double[] before, double[] after, boolean[] mask) {
        return where(true, before, after, mask);
    }

    /**
     * {@return the change outside a mask}
     *
     * @param before
     *            [n], finite
     * @param after
     *            [n], finite
     * @param mask
     *            [n], true inside
     * @throws IllegalArgumentException
     *             if lengths differ or a level is not finite
     */
    public static AbsoluteChange outside(double[] before, double[] after, boolean[] mask) {
        return where(false, before, after, mask);
    }

    private static AbsoluteChange where(boolean inside, double[] before, double[] after, boolean[] mask) {
        Require.sameLength("pixels before", before.length, "after", after.length);
        Require.sameLength("pixels", before.length, "in the mask", mask.length);
        Require.finite("level before", before);
        Require.finite("level after", after);
        int n = 0;
        double sum = 0;
        double squares = 0;
        double largest = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] == inside) {
                double d = Math.abs(after[i] - before[i]);
                n++;
                sum += d;
                squares += d * d;
                largest = Math.max(largest, d);
            }
        }
        return new AbsoluteChange(n, sum / n, n == 0 ? Double.NaN : largest, Math.sqrt(squares / n));
    }
}
