package radedit.metrics.segmentation;

import java.util.Arrays;

/**
 * Exact Euclidean distance to the nearest pixel of a mask, in time linear in the pixels (Felzenszwalb and Huttenlocher, Theory of
 * Computing 8:415, 2012): distances along columns by two scans, then along each row the lower envelope of parabolas.
 */
public final class DistanceTransform {
    private DistanceTransform() {
    }

    /**
     * {@return [height * width], the distance of each pixel's centre to the nearest centre inside the mask; 0 inside. Infinite
     * everywhere if the mask is empty. Equal to {@code scipy.ndimage.distance_transform_edt(~mask, sampling=(y, x))}}
     *
     * @param mask
     *            [height * width], true inside
     * @param grid
     *            size and spacing
     * @throws IllegalArgumentException
     *             if the mask's length is not that of the grid
     */
    public static double[] of(boolean[] mask, PixelGrid grid) {
        grid.check("the mask", mask);
        double[] d = columns(mask, grid);
        Envelope envelope = new Envelope(grid.width(), grid.spacingX());
        for (int y = 0; y < grid.height(); y++) {
            envelope.apply(d, y * grid.width());
        }
        for (int i = 0; i < d.length; i++) {
            d[i] = Math.sqrt(d[i]);
        }
        return d;
    }

    /** Squared distances along columns; infinite in a column without mask. */
    private static double[] columns(boolean[] mask, PixelGrid grid) {
        int w = grid.width();
        double[] d = new double[mask.length];
        for (int i = 0; i < d.length; i++) {
            d[i] = mask[i] ? 0 : i < w ? Double.POSITIVE_INFINITY : d[i - w] + 1;
        }
        for (int i = d.length - w - 1; i >= 0; i--) {
            d[i] = Math.min(d[i], d[i + w] + 1);
        }
        for (int i = 0; i < d.length; i++) {
            double distance = d[i] * grid.spacingY();
            d[i] = distance * distance;
        }
        return d;
    }

    /** The lower envelope of one parabola for each pixel of a row. */
    private static final class Envelope {
        private final double square;
        private final int[] vertex;
        private final double[] from; // the k-th parabola is the lowest one from here on, in pixels
        private final double[] height;

        Envelope(int width, double spacing) {
            square = spacing * spacing;
            vertex = new int[width];
            from = new double[width];
            height = new double[width];
        }

        void apply(double[] squares, int row) {
            int last = -1;
            for (int q = 0; q < vertex.length; q++) {
                double h = squares[row + q];
                if (h == Double.POSITIVE_INFINITY) {
                    continue;
                }
                double start = Double.NEGATIVE_INFINITY;
                while (last >= 0) {
                    int v = vertex[last];
                    start = ((h - height[last]) / square / (q - v) + q + v) / 2;
                    if (start > from[last]) {
                        break;
                    }
                    last--;
                    start = Double.NEGATIVE_INFINITY;
                }
                last++;
                vertex[last] = q;
                from[last] = start;
                height[last] = h;
            }
            if (last < 0) {
                Arrays.fill(squares, row, row + vertex.length, Double.POSITIVE_INFINITY);
                return;
            }
            int k = 0;
            for (int x = 0; x < vertex.length; x++) {
                while (k < last && from[k + 1] < x) {
                    k++;
                }
                double dx = x - vertex[k];
                squares[row + x] = height[k] + square * dx * dx;
            }
        }
    }
}
