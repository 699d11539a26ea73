package radedit.metrics.segmentation;

import java.util.Arrays;

/**
 * Two masks cut to the smallest rectangle that contains both. No distance between them changes, and a film has many times more
 * pixels than a finding.
 *
 * @param first
 *            the first mask within the rectangle
 * @param second
 *            the second one
 * @param grid
 *            the rectangle
 * @param eitherEmpty
 *            whether a mask has no pixel inside
 */
record Crop(boolean[] first, boolean[] second, PixelGrid grid, boolean eitherEmpty) {
    static Crop around(boolean[] first, boolean[] second, PixelGrid grid) {
        int w = grid.width();
        int left = w;
        int right = -1;
        int top = grid.height();
        int bottom = -1;
        boolean a = false;
        boolean b = false;
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < w; x++) {
                int i = y * w + x;
                if (first[i] || second[i]) {
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                    top = Math.min(top, y);
                    bottom = y;
                    a |= first[i];
                    b |= second[i];
                }
            }
        }
        if (!a || !b) {
            return new Crop(first, second, grid, true);
        }
        PixelGrid box = new PixelGrid(right - left + 1, bottom - top + 1, grid.spacingY(), grid.spacingX());
        return new Crop(cut(first, w, left, top, box), cut(second, w, left, top, box), box, false);
    }

    private static boolean[] cut(boolean[] mask, int width, int left, int top, PixelGrid box) {
        boolean[] part = new boolean[box.size()];
        for (int y = 0; y < box.height(); y++) {
            System.arraycopy(mask, (top + y) * width + left, part, y * box.width(), box.width());
        }
        return part;
    }

    /** The values of the pixels inside a mask, row by row. */
    static double[] inside(boolean[] mask, double[] values) {
        double[] chosen = new double[mask.length];
        int n = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i]) {
                chosen[n++] = values[i];
            }
        }
        return Arrays.copyOf(chosen, n);
    }
}
