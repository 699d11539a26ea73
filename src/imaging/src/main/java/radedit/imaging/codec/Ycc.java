package radedit.imaging.codec;

/**
 * Converts YCbCr of JPEG files (JFIF, ITU-T T.871 section 7: ITU-R BT.601, full range) to RGB, in libjpeg's integer
 * arithmetic.
 */
public final class Ycc {
    // The coefficients with 16 fraction bits.
    private static final int HALF = 1 << 15;
    private static final int CR_R = 91881; // 1.40200
    private static final int CB_B = 116130; // 1.77200
    private static final int CR_G = 46802; // 0.71414
    private static final int CB_G = 22554; // 0.34414

    private Ycc() {
    }

    /**
     * Converts pixels in place.
     *
     * @param samples
     *            interleaved samples, Y, Cb and Cr first
     * @param from
     *            index of the first sample of the first pixel
     * @param pixels
     *            number of pixels
     * @param step
     *            samples per pixel, at least 3
     * @param precision
     *            bits per sample
     */
    public static void toRgb(int[] samples, int from, int pixels, int step, int precision) {
        int max = (1 << precision) - 1;
        int centre = 1 << (precision - 1);
        for (int i = 0, at = from; i < pixels; i++, at += step) {
            int y = samples[at];
            int cb = samples[at + 1] - centre;
            int cr = samples[at + 2] - centre;
            samples[at] = Math.clamp(y + (CR_R * cr + HALF >> 16), 0, max);
            samples[at + 1] = Math.clamp(y + (HALF - CB_G * cb - CR_G * cr >> 16), 0, max);
            samples[at + 2] = Math.clamp(y + (CB_B * cb + HALF >> 16), 0, max);
        }
    }
}
