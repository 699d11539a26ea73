package radedit.imaging.mask;

import radedit.imaging.ImageFormatException;

/**
 * Size of a film.
 *
 * @param width
 *            in pixels
 * @param height
 *            in pixels
 */
public record Extent(int width, int height) {
    /** Most pixels that a mask may have. */
    static final long MOST_PIXELS = 1L << 27;
    private static final int MAX_SIDE = 0xFFFF;

    /**
     * {@return a size that a mask may have}
     *
     * @param source
     *            the mask's name in messages
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @throws ImageFormatException
     *            if a side is not 1 to 65535, or there are more than 2^27 pixels
     */
    public static Extent checked(String source, long width, long height) throws ImageFormatException {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || width * height > MOST_PIXELS) {
            throw new ImageFormatException(source, width + " x " + height + " pixels are not a possible film size");
        }
        return new Extent((int) width, (int) height);
    }
}
