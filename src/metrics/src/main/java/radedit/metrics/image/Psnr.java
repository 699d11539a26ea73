package radedit.metrics.image;

import radedit.metrics.check.Require;

/** Peak signal-to-noise ratio. */
public final class Psnr {
    private Psnr() {
    }

    /**
     * {@return 10 log10(range^2 / mean squared change) in dB; positive infinity if nothing changed. Equal to
     * {@code skimage.metrics.peak_signal_noise_ratio}}
     *
     * @param before
     *            [n], finite, n at least 1
     * @param after
     *            [n], finite
     * @param dataRange
     *            largest minus smallest possible level, such as 255; positive and finite
     * @throws IllegalArgumentException
     *             if lengths differ, there is no pixel, a level is not finite or the range is not positive
     */
    public static double of(double[] before, double[] after, double dataRange) {
        Require.that(before.length > 0, "a picture without pixels");
        Require.that(dataRange > 0 && Double.isFinite(dataRange), "data range " + dataRange + " is not positive");
        double rms = AbsoluteChange.of(before, after).rms();
        return 20 * Math.log10(dataRange / rms);
    }
}
