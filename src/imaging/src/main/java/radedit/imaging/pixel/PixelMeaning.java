package radedit.imaging.pixel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a file's stored values become grey levels or colours.
 *
 * @param photometric
 *            polarity or colours
 * @param depth
 *            range of a sample
 * @param modality
 *            from stored to modality values
 * @param windows
 *            the file's windows, in its order
 * @param view
 *            the VOI transformation that the file chooses: a VOI LUT, else the first window; null if it has neither,
 *            and the range of the picture is shown
 * @param padding
 *            stored values that are not picture content
 * @param palette
 *            null unless the photometric interpretation is PALETTE COLOR
 * @param shape
 *            Presentation LUT Shape
 */
public record PixelMeaning(Photometric photometric, Depth depth, ModalityTransform modality, List<Voi.Window> windows,
        @Nullable Voi view, Padding padding, @Nullable Palette palette, Shape shape) {
    /** Presentation LUT Shape (PS3.3 C.11.6), which overrides the polarity of the photometric interpretation. */
    public enum Shape {
        /** The file does not have it. */
        UNSAID,
        /** Levels are shown as they are, even for MONOCHROME1. */
        IDENTITY,
        /** Levels are inverted, even for MONOCHROME2. */
        INVERSE
    }

    /**
     * Copies the windows.
     *
     * @throws IllegalArgumentException
     *            if a palette is missing
     */
    public PixelMeaning {
        windows = List.copyOf(windows);
        if (photometric == Photometric.PALETTE_COLOR && palette == null) {
            throw new IllegalArgumentException("a palette is needed");
        }
    }

    /**
     * Without a Presentation LUT Shape.
     *
     * @param photometric
     *            polarity or colours
     * @param depth
     *            range of a sample
     * @param modality
     *            from stored to modality values
     * @param windows
     *            the file's windows
     * @param view
     *            the VOI transformation that the file chooses; may be null
     * @param padding
     *            stored values that are not picture content
     * @param palette
     *            null unless the photometric interpretation is PALETTE COLOR
     */
    public PixelMeaning(Photometric photometric, Depth depth, ModalityTransform modality, List<Voi.Window> windows,
            @Nullable Voi view, Padding padding, @Nullable Palette palette) {
        this(photometric, depth, modality, windows, view, padding, palette, Shape.UNSAID);
    }

    /**
     * {@return a copy with another Presentation LUT Shape}
     *
     * @param other
     *            the shape
     */
    public PixelMeaning withShape(Shape other) {
        return new PixelMeaning(photometric, depth, modality, windows, view, padding, palette, other);
    }

    /**
     * {@return a copy with another VOI transformation}
     *
     * @param other
     *            the transformation
     */
    public PixelMeaning withView(Voi other) {
        return new PixelMeaning(photometric, depth, modality, windows, other, padding, palette, shape);
    }

    /** {@return whether the lowest grey level is white} */
    public boolean isInverted() {
        return shape == Shape.UNSAID ? photometric == Photometric.MONOCHROME1 : shape == Shape.INVERSE;
    }

    /**
     * {@return the meaning of samples whose declared range is shown as it is, from black to white}
     *
     * @param photometric
     *            polarity or colours
     * @param depth
     *            range of a sample
     */
    public static PixelMeaning plain(Photometric photometric, Depth depth) {
        return new PixelMeaning(photometric, depth, ModalityTransform.IDENTITY, List.of(),
                new Voi.Range(depth.min(), depth.max(), "the range of " + depth), Padding.NONE, null);
    }

    /** {@return the lowest and the highest possible modality value, by depth and modality transformation} */
    public double[] possibleRange() {
        if (modality instanceof ModalityTransform.Table t) {
            return new double[]{0, t.lut().max()};
        }
        double a = modality.apply(depth.min());
        double b = modality.apply(depth.max());
        return new double[]{Math.min(a, b), Math.max(a, b)};
    }
}
