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
 */
public record PixelMeaning(Photometric photometric, Depth depth, ModalityTransform modality, List<Voi.Window> windows,
        Voi view, Padding padding, Palette palette) {
    public PixelMeaning {
        windows = List.copyOf(windows);
        if (photometric == Photometric.PALETTE_COLOR && palette == null) {
            throw new IllegalArgumentException("a palette is needed");
        }
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
