package radedit.imaging.raster;

/** Inks to light, as Pillow converts CMYK to RGB. */
final class CmykColour {
    private CmykColour() {
    }

    /**
     * Red, green and blue of pixels: each is what black leaves less the share of it that its ink takes, c (max - k) / max.
     *
     * @param cmyk
     *            amounts of ink, from 0 to max, those of a pixel side by side
     * @param step
     *            samples of a pixel, 4 or more
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
