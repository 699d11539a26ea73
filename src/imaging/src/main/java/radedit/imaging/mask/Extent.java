package radedit.imaging.mask;

import radedit.imaging.ImageFormatException;

/** Width and height of a film in pixels. */
public record Extent(int width, int height) {
    /** As many pixels as a mask may have. */
    static final long MOST_PIXELS = 1L << 27;
    private static final int MAX_SIDE = 0xFFFF;

    /**
     * An extent that a mask may have.
     *
     * @param source
     *            for messages
     */
    public static Extent checked(String source, long width, long height) throws ImageFormatException {
        if (width < 1 || height < 1 || width > MAX_SIDE || height > MAX_SIDE || width * height > MOST_PIXELS) {
            throw new ImageFormatException(source, width + " x " + height + " pixels are not a possible film size");
        }
        return new Extent((int) width, (int) height);
    }
}
