package radedit.imaging.mask;

import java.util.Arrays;

import radedit.imaging.Mask;

/**
 * Rasterises shapes. A pixel covers [x, x + 1) by [y, y + 1) and belongs to a shape if its centre does, so that a box
 * and the polygon of its corners give the same mask.
 */
final class Shapes {
    private static final long MOST_CROSSINGS = 1L << 25;

    private Shapes() {
    }

    /**
     * The inside of a closed polygon by the even-odd rule, clipped to the film.
     *
     * @param points
     *            x and y alternating
     */
    static Mask polygon(double[] points, Extent film) {
        int w = film.width();
        int h = film.height();
        // Each edge toggles, in each row whose centre it crosses, the pixels to its right. Edges exclude their lower
        // point, so that a corner counts once.
        boolean[] changes = new boolean[w * h];
        for (int i = 0; i < points.length; i += 2) {
            int j = (i + 2) % points.length;
            boolean down = points[i + 1] < points[j + 1];
            double x0 = points[down ? i : j];
            double y0 = points[down ? i + 1 : j + 1];
            double x1 = points[down ? j : i];
            double y1 = points[down ? j + 1 : i + 1];
            int first = (int) Math.clamp(Math.ceil(y0 - 0.5), 0, h);
            int last = (int) Math.clamp(Math.ceil(y1 - 0.5), 0, h);
            for (int y = first; y < last; y++) {
                double x = x0 + (y + 0.5 - y0) / (y1 - y0) * (x1 - x0);
                int column = (int) Math.clamp(Math.ceil(x - 0.5), 0, w);
                if (column < w) {
                    changes[y * w + column] ^= true;
                }
            }
        }
        for (int y = 0; y < h; y++) {
            boolean inside = false;
            for (int x = 0; x < w; x++) {
                inside ^= changes[y * w + x];
                changes[y * w + x] = inside;
            }
        }
        return new Mask(w, h, changes);
    }

    /**
     * Whether the smallest box around a polygon has all pixels of a film.
     *
     * @param points
     *            x and y alternating
     */
    static boolean spans(double[] points, Extent film) {
        for (int axis = 0; axis < 2; axis++) {
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = axis; i < points.length; i += 2) {
                least = Math.min(least, points[i]);
                greatest = Math.max(greatest, points[i]);
            }
            if (Math.ceil(least - 0.5) > 0 || Math.ceil(greatest - 0.5) < (axis == 0 ? film.width() : film.height())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether {@link #polygon} has a pixel; it is not drawn to find out. True without a look for polygons of so many points
     * that it would take long.
     *
     * @param points
     *            x and y alternating
     */
    static boolean touches(double[] points, Extent film) {
        double least = film.height();
        double greatest = 0;
        for (int i = 1; i < points.length; i += 2) {
            least = Math.min(least, points[i]);
            greatest = Math.max(greatest, points[i]);
        }
        int first = (int) Math.clamp(Math.ceil(least - 0.5), 0, film.height());
        int rows = (int) Math.clamp(Math.ceil(greatest - 0.5), 0, film.height()) - first;
        if ((long) rows * points.length > MOST_CROSSINGS) {
            return true;
        }
        for (int k = 0; k < rows; k++) {
            // from the middle outwards to both ends: most shapes have a pixel in their middle
            if (touches(points, film, first + (rows / 2 + (k % 2 == 0 ? k / 2 : rows - 1 - k / 2)) % rows)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a polygon has a pixel in a row: edges that cross it come in pairs, between which is the inside. */
    private static boolean touches(double[] points, Extent film, int row) {
        double y = row + 0.5;
        double[] columns = new double[points.length / 2];
        int n = 0;
        for (int i = 0; i < points.length; i += 2) {
            int j = (i + 2) % points.length;
            boolean down = points[i + 1] < points[j + 1];
            int a = down ? i : j;
            int b = down ? j : i;
            if (Math.ceil(points[a + 1] - 0.5) <= row && row < Math.ceil(points[b + 1] - 0.5)) {
                double x = points[a] + (y - points[a + 1]) / (points[b + 1] - points[a + 1]) * (points[b] - points[a]);
                columns[n++] = Math.clamp(Math.ceil(x - 0.5), 0, film.width());
            }
        }
        Arrays.sort(columns, 0, n);
        for (int i = 0; i + 1 < n; i += 2) {
            if (columns[i] < columns[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /**
     * The inside of a closed polygon between pixel centres, including the pixels on it, equal to OpenCV's filled
     * contours.
     *
     * @param points
     *            x and y of pixels alternating; truncated to integers, as in CheXmask's own tools
     */
    static Mask contour(double[] points, Extent film) {
        double[] centres = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            centres[i] = (long) points[i] + 0.5;
        }
        Mask inside = polygon(centres, film);
        for (int i = 0; i < points.length; i += 2) {
            int j = (i + 2) % points.length;
            line((int) points[i], (int) points[i + 1], (int) points[j], (int) points[j + 1], inside);
        }
        return inside;
    }

    /** Sets the pixels nearest to a straight line, walking to the right; ties go to the lower row or column index. */
    private static void line(int x0, int y0, int x1, int y1, Mask mask) {
        if (x0 > x1) {
            line(x1, y1, x0, y0, mask);
            return;
        }
        long dx = (long) x1 - x0;
        long dy = Math.abs((long) y1 - y0);
        long steps = Math.max(dx, dy);
        for (long k = 0; k <= steps; k++) {
            long across = steps == 0 ? 0 : -Math.floorDiv(steps - 2 * k * Math.min(dx, dy), 2 * steps);
            long x = x0 + (dx >= dy ? k : across);
            long y = y0 + (dx >= dy ? across : k) * Long.signum((long) y1 - y0);
            if (x >= 0 && y >= 0 && x < mask.width() && y < mask.height()) {
                mask.pixels()[(int) (y * mask.width() + x)] = true;
            }
        }
    }
}
