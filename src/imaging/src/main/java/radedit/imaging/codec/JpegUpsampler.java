package radedit.imaging.codec;

/**
 * Upsamples rows of a subsampled component to full resolution. Factors of 2 use libjpeg's triangle filter ("fancy
 * upsampling": new samples are a quarter of the distance off the old ones, so the nearer one has weight 3/4), with its
 * alternating rounding; other factors repeat samples.
 */
final class JpegUpsampler {
    private final JpegPlane plane;
    private final int horizontal;
    private final int vertical;
    private final boolean smoothAcross;
    private final boolean smoothDown;
    private final int[] sums;

    /** For whole factors. */
    JpegUpsampler(JpegPlane plane, int horizontal, int vertical) {
        this.plane = plane;
        this.horizontal = horizontal;
        this.vertical = vertical;
        this.smoothAcross = horizontal == 2 && vertical <= 2 && plane.width() > 2;
        this.smoothDown = vertical == 2 && (smoothAcross || horizontal == 1);
        this.sums = new int[plane.width()];
    }

    /** Writes full-resolution row {@code y}, cut at the length of {@code out}. */
    void row(int y, int[] out) {
        int width = plane.width();
        int row = y / vertical;
        int at = row * plane.stride();
        // In units of 1/4 if rows are mixed, else of 1.
        int unit = 0;
        if (smoothDown) {
            int neighbour = Math.clamp(y % 2 == 0 ? row - 1 : row + 1, 0, plane.height() - 1) * plane.stride();
            for (int x = 0; x < width; x++) {
                sums[x] = 3 * plane.samples()[at + x] + plane.samples()[neighbour + x];
            }
            unit = 2;
        } else {
            for (int x = 0; x < width; x++) {
                sums[x] = plane.samples()[at + x];
            }
        }
        if (smoothAcross) {
            mixAcross(out, unit);
        } else if (smoothDown) {
            int bias = y % 2 == 0 ? 1 : 2;
            for (int x = 0; x < out.length; x++) {
                out[x] = sums[x] + bias >> 2;
            }
        } else {
            for (int x = 0; x < out.length; x++) {
                out[x] = sums[x / horizontal];
            }
        }
    }

    private void mixAcross(int[] out, int unit) {
        // Halves are rounded down on even columns and up on odd ones; with mixed rows, 7 and 8 are
        // swapped.
        int even = unit == 0 ? 1 : 8;
        int odd = unit == 0 ? 2 : 7;
        int last = sums.length - 1;
        for (int x = 0; x < out.length; x++) {
            int i = x >> 1;
            int neighbour = (x & 1) == 0 ? Math.max(i - 1, 0) : Math.min(i + 1, last);
            out[x] = 3 * sums[i] + sums[neighbour] + ((x & 1) == 0 ? even : odd) >> unit + 2;
        }
    }
}
