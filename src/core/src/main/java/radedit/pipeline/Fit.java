package radedit.pipeline;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Placement;
import radedit.imaging.Resample;

/**
 * Fits a film to the square of a network: resizes it, then crops it to the square or centres it in a black one. Masks
 * are fitted likewise.
 *
 * @param width
 *            width of the film
 * @param height
 *            height of the film
 * @param mode
 *            how the film is fitted
 * @param filter
 *            filter that resizes it
 * @param scaledWidth
 *            width after resizing
 * @param scaledHeight
 *            height after resizing
 * @param left
 *            column of the resized film at which the square begins; negative where black comes before the film
 * @param top
 *            row of the resized film at which the square begins; negative where black comes before the film
 * @param size
 *            side of the square
 */
record Fit(int width, int height, FitMode mode, Resample.Filter filter, int scaledWidth, int scaledHeight, int left,
        int top, int size) {

    /** Scales the short side to the square, then crops the centre, as the model was trained. */
    Fit(int width, int height, int size) {
        this(width, height, size, size);
    }

    /**
     * Scales the short side, then crops the centre.
     *
     * @param scaled
     *            the short side after resizing
     * @param size
     *            side of the square, at most {@code scaled}
     */
    Fit(int width, int height, int scaled, int size) {
        this(width, height, FitMode.RESIZE_CROP, Resample.Filter.BILINEAR,
                width <= height ? scaled : (int) ((long) scaled * width / height),
                height <= width ? scaled : (int) ((long) scaled * height / width), size);
    }

    private Fit(int width, int height, FitMode mode, Resample.Filter filter, int scaledWidth, int scaledHeight,
            int size) {
        this(width, height, mode, filter, scaledWidth, scaledHeight, margin(scaledWidth, size),
                margin(scaledHeight, size), size);
    }

    /**
     * {@return the fit of a film in one of the modes}
     *
     * @param aspect
     *            height of its pixels divided by their width, which resizing makes 1
     */
    static Fit of(int width, int height, double aspect, int size, FitMode mode, Resample.Filter filter) {
        double w = aspect < 1 ? width / aspect : width;
        double h = aspect > 1 ? height * aspect : height;
        return switch (mode) {
            case RESIZE_CROP -> new Fit(width, height, mode, filter, w <= h ? size : side(size, w, h),
                    h <= w ? size : side(size, h, w), size);
            case PAD -> new Fit(width, height, mode, filter, w >= h ? size : side(size, w, h),
                    h >= w ? size : side(size, h, w), size);
            case STRETCH -> new Fit(width, height, mode, filter, size, size, size);
        };
    }

    private static int side(int size, double a, double b) {
        // Truncation is safe: a quotient of ints that is not an integer is farther from one than rounding reaches.
        return (int) Math.max(1, size * a / b);
    }

    private static int margin(int extent, int size) {
        return (int) Math.rint((extent - size) / 2.0);
    }

    /** {@return the short side after resizing} */
    int shortSide() {
        return Math.min(scaledWidth, scaledHeight);
    }

    Picture apply(Picture film) {
        Picture whole = Resample.resize(film, scaledWidth, scaledHeight, filter);
        if (mode != FitMode.PAD) {
            return whole.crop(left, top, size, size);
        }
        int c = whole.channels();
        byte[] out = new byte[size * size * c];
        for (int y = 0; y < scaledHeight; y++) {
            System.arraycopy(whole.samples(), y * scaledWidth * c, out, ((y - top) * size - left) * c, scaledWidth * c);
        }
        return new Picture(size, size, c, out);
    }

    /** {@return a mask of the film fitted to the square; padding belongs to no mask} */
    Mask apply(Mask mask) {
        Mask whole = mask.resize(scaledWidth, scaledHeight);
        if (mode != FitMode.PAD) {
            return whole.crop(left, top, size, size);
        }
        boolean[] out = new boolean[size * size];
        for (int y = 0; y < scaledHeight; y++) {
            System.arraycopy(whole.pixels(), y * scaledWidth, out, (y - top) * size - left, scaledWidth);
        }
        return new Mask(size, size, out);
    }

    /**
     * {@return all pixels of the square that a pixel of the mask touches, however small it becomes there; a superset of
     * {@link #apply(Mask)}}
     *
     * @param mask
     *            a mask of the film's size
     */
    Mask coverage(Mask mask) {
        boolean[] out = new boolean[size * size];
        for (int i = 0; i < mask.pixels().length; i++) {
            if (mask.pixels()[i]) {
                int x = i % width;
                int y = i / width;
                int fromX = Math.max(0, first(x, width, scaledWidth) - left);
                int toX = Math.min(size, last(x, width, scaledWidth) + 1 - left);
                int toY = Math.min(size, last(y, height, scaledHeight) + 1 - top);
                for (int row = Math.max(0, first(y, height, scaledHeight) - top); row < toY; row++) {
                    if (fromX < toX) {
                        Arrays.fill(out, row * size + fromX, row * size + toX, true);
                    }
                }
            }
        }
        return new Mask(size, size, out);
    }

    /** {@return the first resized pixel that overlaps a pixel of the film} */
    private static int first(int at, int extent, int scaled) {
        return (int) ((long) at * scaled / extent);
    }

    /** {@return the last resized pixel that overlaps a pixel of the film} */
    private static int last(int at, int extent, int scaled) {
        return (int) (((long) (at + 1) * scaled - 1) / extent);
    }

    /**
     * {@return the column of the square that contains the centre of a column of the film; outside the square where it
     * is cropped}
     */
    int column(int x) {
        return (int) ((2L * x + 1) * scaledWidth / (2L * width)) - left;
    }

    /**
     * {@return the row of the square that contains the centre of a row of the film; outside the square where it is
     * cropped}
     */
    int row(int y) {
        return (int) ((2L * y + 1) * scaledHeight / (2L * height)) - top;
    }

    /**
     * {@return the share of a mask that the square crops, 0 to 1}
     *
     * @param mask
     *            a mask of the film's size
     * @param fitted
     *            the result of {@link #apply(Mask)} for it
     */
    double croppedShare(Mask mask, Mask fitted) {
        int all = mask.resize(scaledWidth, scaledHeight).count();
        return all == 0 ? 0 : 1 - (double) fitted.count() / all;
    }

    /** {@return the pixels of the square that show the film, not the padding} */
    Mask filmArea() {
        return apply(Mask.filled(width, height, true));
    }

    /** {@return the position of the film's pixels in the square} */
    Placement placement() {
        return new Placement(size, width, height, scaledWidth, scaledHeight, left, top);
    }

    /** {@return the rows of the film per row of the square} */
    double filmRowsPerRow() {
        return (double) height / scaledHeight;
    }

    /** {@return the columns of the film per column of the square} */
    double filmColumnsPerColumn() {
        return (double) width / scaledWidth;
    }

    /** {@return the fit for the settings of a result} */
    Map<String, Object> describe() {
        Map<String, Object> d = new LinkedHashMap<>();
        d.put("mode", mode.toString());
        d.put("filter", filter.name().toLowerCase(Locale.ROOT));
        d.put("film", java.util.List.of(width, height));
        d.put("scaled", java.util.List.of(scaledWidth, scaledHeight));
        d.put("left", left);
        d.put("top", top);
        d.put("film_rows_per_row", filmRowsPerRow());
        d.put("film_columns_per_column", filmColumnsPerColumn());
        return d;
    }
}
