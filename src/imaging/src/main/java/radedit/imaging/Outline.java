package radedit.imaging;

/** Draws masks over a film, as borders or tints. */
public final class Outline {
    /** Colour of the edit mask, 0xRRGGBB. */
    public static final int EDIT = 0xFFD92F;
    /** Colour of the keep mask, 0xRRGGBB. */
    public static final int KEEP = 0x1F9EDE;
    /** Smaller side of a picture over the width of a border. */
    private static final int FINENESS = 400;
    /** Weight of the tint: 1 / TINT. */
    private static final int TINT = 4;

    private Outline() {
    }

    /**
     * {@return a copy of a film in colour, for drawing on it}
     *
     * @param film
     *            grey or colour
     */
    public static Picture canvas(Picture film) {
        byte[] rgb = new byte[3 * film.width() * film.height()];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = film.samples()[i / 3 * film.channels() + (film.channels() == 3 ? i % 3 : 0)];
        }
        return new Picture(film.width(), film.height(), 3, rgb);
    }

    /**
     * Tints the pixels of a mask; the picture shows through.
     *
     * @param picture
     *            three channels, of the mask's size; changed in place
     * @param mask
     *            the pixels
     * @param colour
     *            0xRRGGBB
     */
    public static void tint(Picture picture, Mask mask, int colour) {
        for (int i = 0; i < mask.pixels().length; i++) {
            if (mask.pixels()[i]) {
                for (int c = 0; c < 3; c++) {
                    int under = picture.samples()[3 * i + c] & 0xFF;
                    int over = colour >> 16 - 8 * c & 0xFF;
                    picture.samples()[3 * i + c] = (byte) (under + (over - under) / TINT);
                }
            }
        }
    }

    /**
     * Draws the border of a mask: pixels of the mask, wide enough to be visible.
     *
     * @param picture
     *            three channels, of the mask's size; changed in place
     * @param mask
     *            the pixels
     * @param colour
     *            0xRRGGBB
     */
    public static void draw(Picture picture, Mask mask, int colour) {
        int width = Math.max(1, Math.min(mask.width(), mask.height()) / FINENESS);
        Mask inner = mask.erode(width);
        for (int i = 0; i < mask.pixels().length; i++) {
            int x = i % mask.width();
            int y = i / mask.width();
            boolean atEdge = Math.min(Math.min(x, y), Math.min(mask.width() - 1 - x, mask.height() - 1 - y)) < width;
            if (mask.pixels()[i] && (atEdge || !inner.pixels()[i])) {
                for (int c = 0; c < 3; c++) {
                    picture.samples()[3 * i + c] = (byte) (colour >> 16 - 8 * c);
                }
            }
        }
    }
}
