package radedit.cli;

import java.util.Locale;

import radedit.imaging.pixel.PixelArray;

/**
 * How two pictures of the same size differ.
 *
 * @param pixels
 *            number of pixels
 * @param differing
 *            number of pixels of which a sample differs, if only by a bit
 * @param largest
 *            the largest difference of two samples, in the picture's own unit
 * @param mean
 *            the mean difference over all samples
 */
record PictureDifference(int pixels, int differing, double largest, double mean) {
    /** The value of a pixel's sample. */
    @FunctionalInterface
    interface Samples {
        double at(int pixel, int sample);
    }

    static PictureDifference of(PixelArray a, PixelArray b) {
        int n = a.samples();
        return of(a.rows() * a.columns() * a.frames(), n, (i, s) -> a.at(i * n + s), (i, s) -> b.at(i * n + s));
    }

    static PictureDifference of(int pixels, int samples, Samples a, Samples b) {
        int differing = 0;
        double largest = 0;
        double sum = 0;
        for (int i = 0; i < pixels; i++) {
            boolean same = true;
            for (int s = 0; s < samples; s++) {
                double x = a.at(i, s);
                double y = b.at(i, s);
                if (Double.compare(x, y) != 0) {
                    same = false;
                    double d = Math.abs(x - y);
                    largest = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(largest, d);
                    sum += Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
                }
            }
            differing += same ? 0 : 1;
        }
        return new PictureDifference(pixels, differing, largest, pixels == 0 ? 0 : sum / ((double) pixels * samples));
    }

    boolean isNone() {
        return differing == 0;
    }

    @Override
    public String toString() {
        return isNone()
                ? "same to the bit"
                : String.format(Locale.ROOT, "%d of %d pixels differ; largest difference %s, mean %.3g", differing,
                        pixels, largest == Math.rint(largest)
                                ? String.format(Locale.ROOT, "%.0f", largest)
                                : String.format(Locale.ROOT, "%.3g", largest),
                        mean);
    }
}
