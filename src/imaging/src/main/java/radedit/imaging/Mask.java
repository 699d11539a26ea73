package radedit.imaging;

import java.util.Arrays;

/**
 * A set of pixels.
 *
 * @param pixels
 *            row by row; not copied
 */
public record Mask(int width, int height, boolean[] pixels) {
    /** A grey value above this belongs to a mask. */
    private static final int THRESHOLD = 127;

    public Mask {
        if (pixels.length != width * height) {
            throw new IllegalArgumentException(pixels.length + " pixels for " + width + " x " + height);
        }
    }

    /** The pixels of a picture whose grey value is above 127. */
    public static Mask of(Picture picture) {
        Picture grey = picture.toGrey();
        boolean[] set = new boolean[grey.width() * grey.height()];
        for (int i = 0; i < set.length; i++) {
            set[i] = (grey.samples()[i] & 0xFF) > THRESHOLD;
        }
        return new Mask(grey.width(), grey.height(), set);
    }

    /** All pixels or none. */
    public static Mask filled(int width, int height, boolean value) {
        boolean[] set = new boolean[Math.multiplyExact(width, height)];
        Arrays.fill(set, value);
        return new Mask(width, height, set);
    }

    /** The pixels in either set. */
    public Mask union(Mask other) {
        return combine(other, (a, b) -> a || b);
    }

    /** The pixels in both sets. */
    public Mask intersection(Mask other) {
        return combine(other, (a, b) -> a && b);
    }

    /** The pixels of this set that are not in the other. */
    public Mask difference(Mask other) {
        return combine(other, (a, b) -> a && !b);
    }

    /** All other pixels. */
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
     * With all pixels whose centre is no farther than so many pixels from the centre of one in the set: a disc's worth
     * around each.
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

    /** Without the pixels that {@link #dilate} would add to the rest. Beyond the picture's edge there is no rest. */
    public Mask erode(int radius) {
        return radius == 0 ? this : inverse().dilate(radius).inverse();
    }

    /** White where the set is, black elsewhere. */
    public Picture toPicture() {
        byte[] samples = new byte[pixels.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (pixels[i] ? 255 : 0);
        }
        return new Picture(width, height, 1, samples);
    }

    /** Number of pixels in the set. */
    public int count() {
        int n = 0;
        for (boolean p : pixels) {
            n += p ? 1 : 0;
        }
        return n;
    }

    public boolean isEmpty() {
        return count() == 0;
    }

    /** Number of pixels in both sets. */
    public int overlap(Mask other) {
        int n = 0;
        for (int i = 0; i < pixels.length; i++) {
            n += pixels[i] && other.pixels[i] ? 1 : 0;
        }
        return n;
    }

    /** Nearest neighbour by pixel centres, as Pillow does it. */
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

    /** The pixels from (x, y) on. */
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
