package radedit.imaging;

import java.util.Arrays;

/**
 * A set of pixels.
 *
 * @param width
 *            in pixels
 * @param height
 *            in pixels
 * @param pixels
 *            membership [height, width], row-major; not copied
 */
public record Mask(int width, int height, boolean[] pixels) {
    /** Grey values above this belong to a mask. */
    private static final int THRESHOLD = 127;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException
     *            if {@code pixels} does not have width x height elements
     */
    public Mask {
        if (pixels.length != width * height) {
            throw new IllegalArgumentException(pixels.length + " pixels for " + width + " x " + height);
        }
    }

    /**
     * {@return the pixels of a picture whose grey value is above 127}
     *
     * @param picture
     *            grey or colour
     */
    public static Mask of(Picture picture) {
        Picture grey = picture.toGrey();
        boolean[] set = new boolean[grey.width() * grey.height()];
        for (int i = 0; i < set.length; i++) {
            set[i] = (grey.samples()[i] & 0xFF) > THRESHOLD;
        }
        return new Mask(grey.width(), grey.height(), set);
    }

    /**
     * {@return all pixels or none}
     *
     * @param width
     *            in pixels
     * @param height
     *            in pixels
     * @param value
     *            whether the pixels are in the set
     */
    public static Mask filled(int width, int height, boolean value) {
        boolean[] set = new boolean[Math.multiplyExact(width, height)];
        Arrays.fill(set, value);
        return new Mask(width, height, set);
    }

    /**
     * {@return the pixels in either set}
     *
     * @param other
     *            of the same size
     * @throws IllegalArgumentException
     *            if the sizes differ
     */
    public Mask union(Mask other) {
        return combine(other, (a, b) -> a || b);
    }

    /**
     * {@return the pixels in both sets}
     *
     * @param other
     *            of the same size
     * @throws IllegalArgumentException
     *            if the sizes differ
     */
    public Mask intersection(Mask other) {
        return combine(other, (a, b) -> a && b);
    }

    /**
     * {@return the pixels of this set that are not in the other}
     *
     * @param other
     *            of the same size
     * @throws IllegalArgumentException
     *            if the sizes differ
     */
    public Mask difference(Mask other) {
        return combine(other, (a, b) -> a && !b);
    }

    /** {@return the pixels that are not in this set} */
    public Mask inverse() {
        return filled(width, height, true).difference(this);
    }

    private interface Choice {
        boolean of(boolean a, boolean b);
    }

    private Mask combine(Mask other, Choice choice) {
        if (other.width != width || other.height != height) {
            throw new IllegalArgumentException("masks of different sizes");
        }
        boolean[] out = new boolean[pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = choice.of(pixels[i], other.pixels[i]);
        }
        return new Mask(width, height, out);
    }

    /**
     * {@return this set and all pixels whose centre is within the radius of the centre of one of its pixels (Euclidean)}
     *
     * @param radius
     *            in pixels
     */
    public Mask dilate(int radius) {
        if (radius == 0) {
            return this;
        }
        int[] distances = DistanceTransform.squared(this);
        boolean[] out = new boolean[pixels.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = distances[i] < Integer.MAX_VALUE && distances[i] <= (long) radius * radius;
        }
        return new Mask(width, height, out);
    }

    /**
     * {@return this set without the pixels that {@link #dilate} would add to its complement; nothing beyond the edge
     * counts as complement}
     *
     * @param radius
     *            in pixels
     */
    public Mask erode(int radius) {
        return radius == 0 ? this : inverse().dilate(radius).inverse();
    }

    /** {@return a grey picture, 255 in the set and 0 elsewhere} */
    public Picture toPicture() {
        byte[] samples = new byte[pixels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (pixels[i] ? 255 : 0);
        }
        return new Picture(width, height, 1, samples);
    }

    /** {@return the number of pixels in the set} */
    public int count() {
        int n = 0;
        for (boolean p : pixels) {
            n += p ? 1 : 0;
        }
        return n;
    }

    /** {@return whether the set has no pixels} */
    public boolean isEmpty() {
        return count() == 0;
    }

    /**
     * {@return the number of pixels in both sets}
     *
     * @param other
     *            of the same size
     * @throws IllegalArgumentException
     *            if the sizes differ
     */
    public int overlap(Mask other) {
        int n = 0;
        for (int i = 0; i < pixels.length; i++) {
            n += pixels[i] && other.pixels[i] ? 1 : 0;
        }
        return n;
    }

    /**
     * {@return this mask at another size, by nearest neighbour at pixel centres, as in Pillow}
     *
     * @param newWidth
     *            in pixels
     * @param newHeight
     *            in pixels
     */
    public Mask resize(int newWidth, int newHeight) {
        if (newWidth == width && newHeight == height) {
            return this;
        }
        boolean[] out = new boolean[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++) {
            int row = (int) ((y + 0.5) * height / newHeight);
            for (int x = 0; x < newWidth; x++) {
                out[y * newWidth + x] = pixels[row * width + (int) ((x + 0.5) * width / newWidth)];
            }
        }
        return new Mask(newWidth, newHeight, out);
    }

    /**
     * {@return a rectangle of this mask}
     *
     * @param x
     *            first column
     * @param y
     *            first row
     * @param newWidth
     *            in pixels
     * @param newHeight
     *            in pixels
     */
    public Mask crop(int x, int y, int newWidth, int newHeight) {
        boolean[] out = new boolean[newWidth * newHeight];
        for (int row = 0; row < newHeight; row++) {
            System.arraycopy(pixels, (y + row) * width + x, out, row * newWidth, newWidth);
        }
        return new Mask(newWidth, newHeight, out);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Mask m && width == m.width && height == m.height && Arrays.equals(pixels, m.pixels);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(pixels);
    }
}
