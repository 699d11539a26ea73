package radedit.imaging.pixel;

import java.util.List;

/**
 * All that a file says about how stored values become grey levels.
 *
 * @param photometric
 *            polarity or colours
 * @param depth
 *            values a sample can have
 * @param modality
 *            to device values
 * @param windows
 *            alternatives to choose from, in the file's order
 * @param view
 *            what the file's own rules choose: a VOI LUT before the first window; null where it names none, and the range
 *            of the picture itself is shown
 * @param padding
 *            stored values that are no picture
 * @param palette
 *            null unless the photometric interpretation is PALETTE COLOR
 * @param shape
 *            how grey levels are presented at last
 */
public record PixelMeaning(Photometric photometric, Depth depth, ModalityTransform modality, List<Voi.Window> windows,
        Voi view, Padding padding, Palette palette, Shape shape) {
    /** Presentation LUT Shape (PS3.3 C.11.6), which decides before the photometric interpretation. */
    public enum Shape {
        /** The file says nothing of it. */
        UNSAID,
        /** Levels are shown as they are, even of MONOCHROME1. */
        IDENTITY,
        /** Levels are turned round, even of MONOCHROME2. */
        INVERSE
    }

    public PixelMeaning {
        windows = List.copyOf(windows);
        if (photometric == Photometric.PALETTE_COLOR && palette == null) {
            throw new IllegalArgumentException("a palette is needed");
        }
    }

    /** Where the file says nothing of a presentation. */
    public PixelMeaning(Photometric photometric, Depth depth, ModalityTransform modality, List<Voi.Window> windows,
            Voi view, Padding padding, Palette palette) {
        this(photometric, depth, modality, windows, view, padding, palette, Shape.UNSAID);
    }

    /** The same with another shape. */
    public PixelMeaning presented(Shape other) {
        return new PixelMeaning(photometric, depth, modality, windows, view, padding, palette, other);
    }

    /** The same with another view. */
    public PixelMeaning seen(Voi other) {
        return new PixelMeaning(photometric, depth, modality, windows, other, padding, palette, shape);
    }

    /** Whether the lowest grey level is white. */
    public boolean isInverted() {
        return shape == Shape.UNSAID ? photometric == Photometric.MONOCHROME1 : shape == Shape.INVERSE;
    }

    /** The meaning where a format has nothing but a range that is shown as it is. */
    public static PixelMeaning plain(Photometric photometric, Depth depth) {
        return new PixelMeaning(photometric, depth, ModalityTransform.IDENTITY, List.of(),
                new Voi.Range(depth.min(), depth.max(), "the range of " + depth), Padding.NONE, null);
    }

    /** The lowest and highest modality value there can be by depth and transformation; the lowest first. */
    public double[] possibleRange() {
        if (modality instanceof ModalityTransform.Table t) {
            return new double[]{0, t.lut().max()};
        }
        double a = modality.apply(depth.min());
        double b = modality.apply(depth.max());
        return new double[]{Math.min(a, b), Math.max(a, b)};
    }
}
