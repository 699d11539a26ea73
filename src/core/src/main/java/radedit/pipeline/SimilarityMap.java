package radedit.pipeline;

import java.util.Arrays;
import java.util.Locale;

import radedit.imaging.Mask;
import radedit.tensor.Tensor;

/**
 * Cosine similarity of each pixel of a film to a text: the cosines of the patches, smoothed, enlarged and placed as
 * hi-ml-multimodal does (vlp/inference_engine.py).
 *
 * @param width
 *            width of the film in pixels
 * @param height
 *            height of the film in pixels
 * @param values
 *            [height * width], row-major, -1 to 1; NaN where the encoder did not see the film
 */
public record SimilarityMap(int width, int height, double[] values) {
    /** How the grid of patches is enlarged. */
    public enum Interpolation {
        /** The value of the patch that a pixel lies in. */
        NEAREST,
        /** Bilinear interpolation between the centres of patches. */
        BILINEAR;

        /** {@return the name on the command line} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double SIGMA = 1.5;
    private static final int RADIUS = 6; // four sigma

    /**
     * @param patches
     *            [joint, grid, grid], each of length 1
     * @param text
     *            [joint], of length 1
     */
    static SimilarityMap of(Tensor patches, double[] text, Fit fit, Interpolation interpolation) {
        int grid = patches.shape().dim(1);
        double[] cosines = new double[grid * grid];
        for (int c = 0; c < text.length; c++) {
            for (int i = 0; i < cosines.length; i++) {
                cosines[i] += text[c] * patches.data()[c * cosines.length + i];
            }
        }
        return place(smooth(cosines, grid), grid, fit, interpolation);
    }

    /**
     * Gaussian filter. The map is mirrored at its borders, with the border values repeated (SciPy's mode 'reflect').
     */
    private static double[] smooth(double[] map, int n) {
        double[] kernel = new double[2 * RADIUS + 1];
        double sum = 0;
        for (int k = 0; k < kernel.length; k++) {
            kernel[k] = Math.exp(-0.5 * (k - RADIUS) * (k - RADIUS) / (SIGMA * SIGMA));
            sum += kernel[k];
        }
        double[] down = new double[map.length];
        double[] across = new double[map.length];
        for (int i = 0; i < map.length; i++) {
            for (int k = 0; k < kernel.length; k++) {
                down[i] += kernel[k] / sum * map[mirror(i / n + k - RADIUS, n) * n + i % n];
            }
        }
        for (int i = 0; i < map.length; i++) {
            for (int k = 0; k < kernel.length; k++) {
                across[i] += kernel[k] / sum * down[i / n * n + mirror(i % n + k - RADIUS, n)];
            }
        }
        return across;
    }

    private static int mirror(int i, int n) {
        int m = Math.floorMod(i, 2 * n);
        return m < n ? m : 2 * n - 1 - m;
    }

    private static SimilarityMap place(double[] map, int grid, Fit fit, Interpolation interpolation) {
        int w = fit.width();
        int h = fit.height();
        int side = (int) ((double) fit.size() * Math.min(w, h) / fit.shortSide());
        double[] out = new double[w * h];
        Arrays.fill(out, Double.NaN);
        int left = Math.floorDiv(w - side, 2);
        int top = Math.floorDiv(h - side, 2);
        float scale = (float) grid / side;
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                out[(top + y) * w + left + x] = interpolation == Interpolation.NEAREST
                        ? map[nearest(y, scale, grid) * grid + nearest(x, scale, grid)]
                        : bilinear(map, grid, source(y, scale), source(x, scale));
            }
        }
        return new SimilarityMap(w, h, out);
    }

    private static int nearest(int i, float scale, int n) {
        return Math.min((int) (i * scale), n - 1);
    }

    private static float source(int i, float scale) {
        return Math.max(0, (i + 0.5f) * scale - 0.5f);
    }

    private static double bilinear(double[] map, int n, float y, float x) {
        int y0 = (int) y;
        int x0 = (int) x;
        int y1 = Math.min(y0 + 1, n - 1);
        int x1 = Math.min(x0 + 1, n - 1);
        double fy = y - y0;
        double fx = x - x0;
        return (1 - fy) * ((1 - fx) * map[y0 * n + x0] + fx * map[y0 * n + x1])
                + fy * ((1 - fx) * map[y1 * n + x0] + fx * map[y1 * n + x1]);
    }

    /**
     * {@return the share of the positive similarity that lies in a mask, 0 to 1; NaN if no value is positive}
     *
     * @param mask
     *            a mask of the film's size
     */
    public double positiveShare(Mask mask) {
        double inside = 0;
        double all = 0;
        for (int i = 0; i < values.length; i++) {
            double v = values[i] > 0 ? values[i] : 0;
            all += v;
            inside += mask.pixels()[i] ? v : 0;
        }
        return inside / all;
    }

    /** {@return the smallest value that is not NaN; NaN if there is none} */
    public double min() {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v)).min().orElse(Double.NaN);
    }

    /** {@return the largest value that is not NaN; NaN if there is none} */
    public double max() {
        return Arrays.stream(values).filter(v -> !Double.isNaN(v)).max().orElse(Double.NaN);
    }
}
