package radedit.imaging;

/** Masks drawn over a film: their borders, or a tint. */
public final class Outline {
    /** Of what is to change. */
    public static final int EDIT = 0xFFD92F;
    /** Of what must stay. */
    public static final int KEEP = 0x1F9EDE;
    /** The smaller side of a picture over the width of a border. */
    private static final int FINENESS = 400;
    /** One part in so many of a tinted pixel is the tint. */
    private static final int TINT = 4;

    private Outline() {
    }

    /** A film in colour, on which more can be drawn. */
    public static Picture canvas(Picture film) {
        byte[] rgb = new byte[3 * film.width() * film.height()];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = film.samples()[i / 3 * film.channels() + (film.channels() == 3 ? i % 3 : 0)];
        }
        return new Picture(film.width(), film.height(), 3, rgb);
    }

    /**
     * Tints the pixels of a mask, so that what lies under it still shows.
     *
     * @param picture
     *            three channels, of the mask's size; changed
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
     * Draws the border of a mask: pixels of it, as wide as the picture needs to show it.
     *
     * @param picture
     *            three channels, of the mask's size; changed
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
