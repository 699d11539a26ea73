package radedit.imaging.raster;

/** Converts CMYK to RGB like Pillow. */
final class CmykColour {
    private CmykColour() {
    }

    /**
     * Red, green and blue of pixels: (max - k) - c (max - k) / max.
     *
     * @param cmyk
     *            amounts of ink, 0 to max, interleaved
     * @param step
     *            samples per pixel, at least 4
     */
    static int[] toRgb(int[] cmyk, int step, int max) {
        int pixels = cmyk.length / step;
        int[] rgb = new int[3 * pixels];
        for (int i = 0; i < pixels; i++) {
            int left = max - cmyk[step * i + 3];
            for (int b = 0; b < 3; b++) {
                int taken = (int) (((long) cmyk[step * i + b] * left + max / 2) / max);
                rgb[3 * i + b] = Math.clamp(left - taken, 0, max);
            }
        }
        return rgb;
    }
}
