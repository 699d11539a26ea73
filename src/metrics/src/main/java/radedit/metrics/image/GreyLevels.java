package radedit.metrics.image;

/** Grey levels of 8-bit pictures. */
public final class GreyLevels {
    private GreyLevels() {
    }

    /**
     * {@return the levels 0 to 255 of unsigned bytes}
     *
     * @param pixels
     *            [n]
     */
    public static double[] of(byte[] pixels) {
        double[] levels = new double[pixels.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = Byte.toUnsignedInt(pixels[i]);
        }
        return levels;
    }
}
