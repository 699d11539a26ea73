package radedit.imaging;

import org.jspecify.annotations.Nullable;

/**
 * An edit at a glance. From left to right: the film; the film with the masks (edit mask yellow, keep mask blue: an
 * outline around their pixels, a tint over the latent cells that count); the result; and the difference of grey levels,
 * darker blue and brighter red, with a colour bar up to the largest difference in levels of 0 to 255.
 */
public final class Comparison {
    /**
     * The masks of an edit, as pixels of the square that the model sees.
     *
     * @param edit
     *            the edit mask
     * @param keep
     *            the part of the keep mask that overrides the edit mask; null if there is none
     * @param editCells
     *            the pixels of latent cells in the edit region
     * @param keepCells
     *            the pixels of latent cells in the keep region; null if there are none
     */
    public record Masks(Mask edit, @Nullable Mask keep, Mask editCells, @Nullable Mask keepCells) {}

    private Comparison() {
    }

    /**
     * Draws the comparison.
     *
     * @param before
     *            the film in the model's square; all other arguments have its size
     * @param edited
     *            the model's picture
     * @param share
     *            weight of {@code edited} in the result, 0 to 255 for each pixel; the rest is the film. Null if the
     *            weight is 255 everywhere
     * @param inFilm
     *            the pixels that lie in the film; the others are not compared
     * @param masks
     *            edit and keep masks
     * @return four panels and a colour bar side by side, in colour
     */
    public static Picture draw(Picture before, Picture edited, @Nullable Picture share, Mask inFilm, Masks masks) {
        Picture after = share == null ? edited : blend(before, edited, share);
        Picture drawn = Outline.canvas(before.toGrey());
        Outline.tint(drawn, masks.keepCells == null ? masks.editCells : masks.editCells.difference(masks.keepCells),
                Outline.EDIT);
        if (masks.keepCells != null) {
            Outline.tint(drawn, masks.keepCells, Outline.KEEP);
        }
        if (masks.keep != null) {
            Outline.draw(drawn, masks.keep, Outline.KEEP);
        }
        Outline.draw(drawn, masks.edit, Outline.EDIT);
        return sideBySide(Outline.canvas(before), drawn, Outline.canvas(after),
                difference(before.toGrey(), after.toGrey(), inFilm));
    }

    private static Picture blend(Picture before, Picture edited, Picture share) {
        int channels = before.channels();
        byte[] out = before.samples().clone();
        for (int i = 0; i < out.length; i++) {
            double a = (share.samples()[i / channels] & 0xFF) / 255.0;
            double b = before.samples()[i] & 0xFF;
            out[i] = (byte) Math.round(b + a * ((edited.samples()[i] & 0xFF) - b));
        }
        return new Picture(before.width(), before.height(), channels, out);
    }

    private static Picture difference(Picture before, Picture after, Mask inFilm) {
        double[] values = new double[before.samples().length];
        double largest = 1;
        for (int i = 0; i < values.length; i++) {
            if (inFilm.pixels()[i]) {
                values[i] = (after.samples()[i] & 0xFF) - (before.samples()[i] & 0xFF);
                largest = Math.max(largest, Math.abs(values[i]));
            } else {
                values[i] = Double.NaN;
            }
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= largest;
        }
        return HeatMap.draw(before, values, null, "+" + (int) largest);
    }

    private static Picture sideBySide(Picture... pictures) {
        int height = pictures[0].height();
        int gap = Math.max(2, height / 80);
        int width = -gap;
        for (Picture p : pictures) {
            width += p.width() + gap;
        }
        byte[] out = new byte[3 * width * height];
        java.util.Arrays.fill(out, (byte) 255);
        int at = 0;
        for (Picture p : pictures) {
            for (int y = 0; y < height; y++) {
                System.arraycopy(p.samples(), 3 * y * p.width(), out, 3 * (y * width + at), 3 * p.width());
            }
            at += p.width() + gap;
        }
        return new Picture(width, height, 3, out);
    }
}
