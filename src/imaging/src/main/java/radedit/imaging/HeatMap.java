package radedit.imaging;

import org.jspecify.annotations.Nullable;

/**
 * Draws signed values over a film, with a colour bar at its right: negative blue, zero white, positive red (the
 * diverging scheme RdBu of ColorBrewer).
 */
public final class HeatMap {
    /** Colours from -1 to 1, equally spaced. */
    private static final int[] COLOURS = {0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7,
            0xF4A582, 0xD6604D, 0xB2182B, 0x67001F};
    private static final int OUTLINE = 0xFFD92F;
    private static final double OPACITY = 0.5;

    private final Picture film;
    private final int dot;
    private final int barAt;
    private final int barWidth;
    private final int width;
    private final byte[] rgb;

    private HeatMap(Picture film, int signs) {
        this.film = film;
        this.dot = Math.max(1, Math.min(film.width(), film.height()) / 160);
        this.barAt = film.width() + 3 * dot;
        this.barWidth = 8 * dot;
        this.width = barAt + barWidth + (3 + 4 * signs) * dot;
        this.rgb = new byte[3 * width * film.height()];
    }

    /**
     * Draws values over a film.
     *
     * @param film
     *            grey
     * @param values
     *            one per pixel, -1 to 1, row by row; NaN leaves the film as it is
     * @param outline
     *            a mask whose border is drawn in yellow; null for none
     * @return the film in colour, with the colour bar appended at the right
     */
    public static Picture draw(Picture film, double[] values, @Nullable Mask outline) {
        return draw(film, values, outline, "1");
    }

    /**
     * Draws values with another label at the top of the colour bar, and its negative at the bottom.
     *
     * @param top
     *            the number that 1 stands for: digits, optionally with a plus sign before them
     */
    static Picture draw(Picture film, double[] values, @Nullable Mask outline, String top) {
        String bottom = "-" + top.replace("+", "");
        HeatMap h = new HeatMap(film, bottom.length());
        for (int y = 0; y < film.height(); y++) {
            for (int x = 0; x < h.width; x++) {
                h.set(x, y, 0xFFFFFF);
            }
            for (int x = 0; x < film.width(); x++) {
                int grey = film.get(x, y, 0) * 0x10101;
                double v = values[y * film.width() + x];
                h.set(x, y, Double.isNaN(v) ? grey : mix(grey, colour(v), OPACITY));
                if (outline != null && onBorder(outline, x, y)) {
                    h.set(x, y, OUTLINE);
                }
            }
            for (int x = 0; x < h.barWidth; x++) {
                h.set(h.barAt + x, y, mix(0x808080, colour(1 - 2.0 * y / Math.max(1, film.height() - 1)), OPACITY));
            }
        }
        h.label(0, top);
        h.label((film.height() - DotFont.HEIGHT * h.dot) / 2, "0");
        h.label(film.height() - DotFont.HEIGHT * h.dot, bottom);
        return new Picture(h.width, film.height(), 3, h.rgb);
    }

    private static boolean onBorder(Mask m, int x, int y) {
        return in(m, x, y) && !(in(m, x - 1, y) && in(m, x + 1, y) && in(m, x, y - 1) && in(m, x, y + 1));
    }

    private static boolean in(Mask m, int x, int y) {
        return x >= 0 && y >= 0 && x < m.width() && y < m.height() && m.pixels()[y * m.width() + x];
    }

    /**
     * {@return the colour of a value, 0xRRGGBB}
     *
     * @param v
     *            -1 (blue) to 1 (red); what is beyond counts as the end
     */
    public static int colour(double v) {
        double at = (Math.clamp(v, -1, 1) + 1) / 2 * (COLOURS.length - 1);
        int i = Math.min((int) at, COLOURS.length - 2);
        return mix(COLOURS[i], COLOURS[i + 1], at - i);
    }

    private static int mix(int a, int b, double share) {
        int out = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            double v = (a >> shift & 0xFF) * (1 - share) + (b >> shift & 0xFF) * share;
            out |= (int) Math.round(v) << shift;
        }
        return out;
    }

    private void label(int y, String signs) {
        for (int s = 0; s < signs.length(); s++) {
            for (int dy = 0; dy < DotFont.HEIGHT * dot; dy++) {
                for (int dx = 0; dx < DotFont.WIDTH * dot; dx++) {
                    if (DotFont.dot(signs.charAt(s), dx / dot, dy / dot)) {
                        set(barAt + barWidth + (2 + 4 * s) * dot + dx, Math.max(0, y) + dy, 0);
                    }
                }
            }
        }
    }

    private void set(int x, int y, int colour) {
        if (y < film.height()) {
            int at = 3 * (y * width + x);
            rgb[at] = (byte) (colour >> 16);
            rgb[at + 1] = (byte) (colour >> 8);
            rgb[at + 2] = (byte) colour;
        }
    }
}
