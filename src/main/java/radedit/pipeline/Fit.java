package radedit.pipeline;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample;

/**
 * Brings a film to the model's square as the model was trained: the short side to its size, then the centre. Masks follow
 * their film.
 *
 * @param width
 *            of the film before
 * @param size
 *            side of the square
 */
record Fit(int width, int height, int size) {
    /** The film's width once its short side has the model's size. */
    private int scaledWidth() {
        return width <= height ? size : (int) ((long) size * width / height);
    }

    private int scaledHeight() {
        return height <= width ? size : (int) ((long) size * height / width);
    }

    private static int margin(int extent, int size) {
        return (int) Math.rint((extent - size) / 2.0);
    }

    Picture apply(Picture film) {
        Picture scaled = Resample.resize(film, scaledWidth(), scaledHeight(), Resample.Filter.BILINEAR);
        return scaled.crop(margin(scaledWidth(), size), margin(scaledHeight(), size), size, size);
    }

    Mask apply(Mask mask) {
        Mask scaled = mask.resize(scaledWidth(), scaledHeight());
        return scaled.crop(margin(scaledWidth(), size), margin(scaledHeight(), size), size, size);
    }
}
