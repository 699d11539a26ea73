package radedit.metrics.segmentation;

import radedit.metrics.check.Require;

/**
 * The pixels of a mask and their spacing.
 *
 * @param width
 *            columns, at least 1
 * @param height
 *            rows, at least 1; width times height fits an int
 * @param spacingY
 *            distance between the centres of adjacent rows, from 1e-9 to 1e9
 * @param spacingX
 *            distance between the centres of adjacent columns, from 1e-9 to 1e9
 */
public record PixelGrid(int width, int height, double spacingY, double spacingX) {
    /** Refuses sizes and spacings out of range with an {@link IllegalArgumentException}. */
    public PixelGrid {
        Require.that(width >= 1 && height >= 1 && (long) width * height <= Integer.MAX_VALUE - 8,
                "a mask of " + width + " x " + height + " pixels");
        Require.that(spacingY >= 1e-9 && spacingY <= 1e9 && spacingX >= 1e-9 && spacingX <= 1e9,
                "pixel spacing " + spacingY + " x " + spacingX + " is not from 1e-9 to 1e9");
    }

    /**
     * {@return a grid with a spacing of 1, so that distances are in pixels}
     *
     * @param width
     *            columns
     * @param height
     *            rows
     */
    public static PixelGrid ofPixels(int width, int height) {
        return new PixelGrid(width, height, 1, 1);
    }

    /** {@return the number of pixels} */
    public int size() {
        return width * height;
    }

    /**
     * {@return a mask from the bytes of a picture: every byte other than 0 is inside}
     *
     * @param pixels
     *            [height * width]
     * @throws IllegalArgumentException
     *             if the length is not that of this grid
     */
    public boolean[] mask(byte[] pixels) {
        Require.that(pixels.length == size(),
                "a mask of " + width + " x " + height + " pixels has " + pixels.length + " values");
        boolean[] inside = new boolean[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            inside[i] = pixels[i] != 0;
        }
        return inside;
    }

    /** Refuses a mask of another length. */
    void check(String name, boolean[] mask) {
        Require.that(mask.length == size(),
                name + " has " + mask.length + " values, not " + width + " x " + height);
    }
}
