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
 * Brings a film to a network's square: it is resized, then cut to the square or put into the middle of a black one. Masks
 * follow their film.
 *
 * @param width
 *            of the film before
 * @param scaledWidth
 *            after resizing
 * @param left
 *            column of the resized film at which the square begins; below 0 where black comes before it
 * @param size
 *            side of the square
 */
record Fit(int width, int height, FitMode mode, Resample.Filter filter, int scaledWidth, int scaledHeight, int left,
        int top, int size) {

    /** The film as large as the square allows, as the model was trained. */
    Fit(int width, int height, int size) {
        this(width, height, size, size);
    }

    /**
     * The short side to a size, then the centre of it.
     *
     * @param scaled
     *            the short side after resizing
     * @param size
     *            at most {@code scaled}
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
     * A film as large as the square allows.
     *
     * @param aspect
     *            height of its pixels over their width, which resizing makes 1
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
        // Whole numbers divide exactly enough: their quotient is no nearer to another whole number than a double tells.
        return (int) Math.max(1, size * a / b);
    }

    private static int margin(int extent, int size) {
        return (int) Math.rint((extent - size) / 2.0);
    }

    /** The short side after resizing. */
    int scaled() {
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

    /** Nothing beyond the film belongs to a mask. */
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
     * All pixels of the square that a pixel of the mask touches, however small it becomes there; a superset of
     * {@link #apply(Mask)}.
     *
     * @param mask
     *            of the film's size
     */
    Mask touched(Mask mask) {
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

    /** The first resized pixel that a pixel of the film reaches into. */
    private static int first(int at, int extent, int scaled) {
        return (int) ((long) at * scaled / extent);
    }

    /** The last one. */
    private static int last(int at, int extent, int scaled) {
        return (int) (((long) (at + 1) * scaled - 1) / extent);
    }

    /** The square's column in which the centre of a column of the film lies; beyond the square where it is cut off. */
    int column(int x) {
        return (int) ((2L * x + 1) * scaledWidth / (2L * width)) - left;
    }

    /** The same for rows. */
    int row(int y) {
        return (int) ((2L * y + 1) * scaledHeight / (2L * height)) - top;
    }

    /**
     * The part of a mask that the square cuts off, 0 to 1.
     *
     * @param fitted
     *            what {@link #apply(Mask)} makes of it
     */
    double cut(Mask mask, Mask fitted) {
        int all = mask.resize(scaledWidth, scaledHeight).count();
        return all == 0 ? 0 : 1 - (double) fitted.count() / all;
    }

    /** What of the square is film and not the black beside it. */
    Mask film() {
        return apply(Mask.filled(width, height, true));
    }

    /** Where the pixels of the film lie in the square. */
    Placement placement() {
        return new Placement(size, width, height, scaledWidth, scaledHeight, left, top);
    }

    /** Rows of the film in a row of the square. */
    double rowsPerRow() {
        return (double) height / scaledHeight;
    }

    /** Columns of the film in a column of the square. */
    double columnsPerColumn() {
        return (double) width / scaledWidth;
    }

    /** For metadata: what of the square is film, and how it got there. */
    Map<String, Object> describe() {
        Map<String, Object> d = new LinkedHashMap<>();
        d.put("mode", mode.toString());
        d.put("filter", filter.name().toLowerCase(Locale.ROOT));
        d.put("film", java.util.List.of(width, height));
        d.put("scaled", java.util.List.of(scaledWidth, scaledHeight));
        d.put("left", left);
        d.put("top", top);
        d.put("film_rows_per_row", rowsPerRow());
        d.put("film_columns_per_column", columnsPerColumn());
        return d;
    }
}
