package radedit.imaging;

/**
 * An edit at a glance, from left to right: the film, the film with the masks (yellow where it was to change, blue where it had
 * to stay: an outline around their pixels, a tint over the cells of the latent grid that count), the result, and how much darker (blue) or brighter (red) each pixel has become, with
 * a bar that reaches to the largest difference in grey levels of 255.
 */
public final class Comparison {
    /**
     * The masks of an edit, as pixels of the square that the model sees.
     *
     * @param edit
     *            what was to change
     * @param keep
     *            what had to stay, where it won; null for nothing
     * @param editCells
     *            the cells of the latent grid that counted as to change
     * @param keepCells
     *            those that counted as to stay; null for none
     */
    public record Masks(Mask edit, Mask keep, Mask editCells, Mask keepCells) {}

    private Comparison() {
    }

    /**
     * @param before
     *            of the size of all others
     * @param edited
     *            the model's picture
     * @param share
     *            how much of it the result has, 0 to 255, where the rest is the film; null where it has all
     * @param inFilm
     *            what is film; beside it, nothing is compared
     * @param masks
     *            what was to change and what had to stay
     */
    public static Picture draw(Picture before, Picture edited, Picture share, Mask inFilm, Masks masks) {
        Picture after = share == null ? edited : blend(before, edited, share);
        Picture drawn = Outline.canvas(before.toGrey());
        Outline.tint(drawn, masks.keepCells == null ? masks.editCells : masks.editCells.difference(masks.keepCells),
                Outline.EDIT);
        if (masks.keep != null) {
            Outline.tint(drawn, masks.keepCells, Outline.KEEP);
            Outline.draw(drawn, masks.keep, Outline.KEEP);
        }
        Outline.draw(drawn, masks.edit, Outline.EDIT);
        return beside(Outline.canvas(before), drawn, Outline.canvas(after),
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

    private static Picture beside(Picture... pictures) {
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
