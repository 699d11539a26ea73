package radedit.tools.demo;

import java.util.Arrays;

import radedit.imaging.Mask;
import radedit.imaging.Picture;

/**
 * Measures by pixels whether a drain survives an edit: in each row that it crosses inside the edit mask, the contrast of
 * its brightest pixel to the surrounding film is compared with that before the edit.
 */
final class DrainCheck {
    /** Columns on each side of a drain that count as its surroundings. */
    private static final int AROUND = 8;
    /** Pixels next to a drain that count neither as drain nor as surroundings. */
    private static final int EDGE = 2;
    /** Share of its contrast that a row must keep. */
    private static final double HALF = 0.5;

    private final Mask drain;
    private final Mask edit;
    private final Mask blurred;

    DrainCheck(Mask drain, Mask edit) {
        this.drain = drain;
        this.edit = edit;
        this.blurred = drain.dilate(EDGE);
    }

    /**
     * The share of rows that keep at least half of their contrast, 0 to 1.
     *
     * @param before
     *            the film after a round trip through the VAE, in grey
     */
    double kept(Picture before, Picture after) {
        int rows = 0;
        int kept = 0;
        for (int y = 0; y < drain.height(); y++) {
            double was = contrast(before, y);
            if (was > 0) {
                rows++;
                kept += contrast(after, y) >= HALF * was ? 1 : 0;
            }
        }
        return rows == 0 ? 0 : (double) kept / rows;
    }

    /** Grey levels by which the drain's brightest pixel in a row exceeds its surroundings; NaN without a drain. */
    private double contrast(Picture film, int y) {
        int w = drain.width();
        int left = w;
        int right = -1;
        int brightest = -1;
        for (int x = 0; x < w; x++) {
            if (drain.pixels()[y * w + x] && edit.pixels()[y * w + x]) {
                left = Math.min(left, x);
                right = x;
                brightest = Math.max(brightest, film.samples()[y * w + x] & 0xFF);
            }
        }
        int[] around = new int[w];
        int n = 0;
        for (int x = Math.max(0, left - AROUND); x <= Math.min(w - 1, right + AROUND); x++) {
            if (!blurred.pixels()[y * w + x]) {
                around[n++] = film.samples()[y * w + x] & 0xFF;
            }
        }
        if (right < 0 || n == 0) {
            return Double.NaN;
        }
        Arrays.sort(around, 0, n);
        return brightest - around[n / 2];
    }
}
