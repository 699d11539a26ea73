package radedit.pipeline;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;

/**
 * Brings a film to a network's square as the network was trained: the short side to a size, then the centre of it. Masks
 * follow their film.
 *
 * @param width
 *            of the film before
 * @param scaled
 *            the short side after resizing
 * @param size
 *            side of the square, at most {@code scaled}
 */
record Fit(int width, int height, int scaled, int size) {
    /** The film as large as the square allows. */
    Fit(int width, int height, int size) {
        this(width, height, size, size);
    }

    private int scaledWidth() {
        return width <= height ? scaled : (int) ((long) scaled * width / height);
    }

    private int scaledHeight() {
        return height <= width ? scaled : (int) ((long) scaled * height / width);
    }

    private static int margin(int extent, int size) {
        return (int) Math.rint((extent - size) / 2.0);
    }

    Picture apply(Picture film) {
        Picture whole = Resample.resize(film, scaledWidth(), scaledHeight(), Resample.Filter.BILINEAR);
        return whole.crop(margin(scaledWidth(), size), margin(scaledHeight(), size), size, size);
    }

    Mask apply(Mask mask) {
        Mask whole = mask.resize(scaledWidth(), scaledHeight());
        return whole.crop(margin(scaledWidth(), size), margin(scaledHeight(), size), size, size);
    }
}
