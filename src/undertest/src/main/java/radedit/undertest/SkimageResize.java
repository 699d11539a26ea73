package radedit.undertest;

import java.util.Arrays;

/**
 * skimage.transform.resize of order 1 in mode "constant" with cval 0, on float32, as torchxrayvision's XRayResizer calls
 * it: a Gaussian of (factor - 1) / 2 pixels along each side that shrinks, then linear interpolation at pixel centres.
 * Zeros continue the film beyond its edges, in both steps, and results are clipped to the film's range. Sums are in
 * double precision and rounded to float32 after each axis, as in SciPy's ndimage.
 */
final class SkimageResize {
    /** Standard deviations at which ndimage truncates a Gaussian. */
    private static final double TRUNCATE = 4;

    private SkimageResize() {
    }

    static float[] resize(float[] values, int width, int height, int newWidth, int newHeight) {
        float[] smooth = alongColumns(values, width, height, gaussian((double) height / newHeight));
        smooth = alongRows(smooth, width, height, gaussian((double) width / newWidth));
        float[] out = zoom(smooth, width, height, newWidth, newHeight);
        clip(values, out);
        return out;
    }

    /** Half of a symmetric Gaussian, from its centre on; one weight where nothing is smoothed. */
    private static double[] gaussian(double factor) {
        double sigma = (factor - 1) / 2;
        if (sigma <= 1e-15) {
            return new double[]{1};
        }
        int radius = (int) (TRUNCATE * sigma + 0.5);
        double[] weights = new double[radius + 1];
        double sum = 0;
        for (int i = 0; i <= radius; i++) {
            weights[i] = Math.exp(-0.5 / (sigma * sigma) * i * i);
            sum += i == 0 ? weights[i] : 2 * weights[i];
        }
        for (int i = 0; i <= radius; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static float[] alongRows(float[] values, int width, int height, double[] weights) {
        if (weights.length == 1) {
            return values;
        }
        float[] out = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double sum = weights[0] * values[y * width + x];
                for (int k = 1; k < weights.length; k++) {
                    double before = x - k >= 0 ? values[y * width + x - k] : 0;
                    double after = x + k < width ? values[y * width + x + k] : 0;
                    sum += weights[k] * (before + after);
                }
                out[y * width + x] = (float) sum;
            }
        }
        return out;
    }

    private static float[] alongColumns(float[] values, int width, int height, double[] weights) {
        if (weights.length == 1) {
            return values;
        }
        float[] out = new float[values.length];
        double[] sums = new double[width];
        for (int y = 0; y < height; y++) {
            Arrays.fill(sums, 0);
            for (int k = 0; k < weights.length; k++) {
                addRow(sums, values, y - k, width, height, weights[k]);
                if (k > 0) {
                    addRow(sums, values, y + k, width, height, weights[k]);
                }
            }
            for (int x = 0; x < width; x++) {
                out[y * width + x] = (float) sums[x];
            }
        }
        return out;
    }

    private static void addRow(double[] sums, float[] values, int y, int width, int height, double weight) {
        if (y >= 0 && y < height) {
            for (int x = 0; x < width; x++) {
                sums[x] += weight * values[y * width + x];
            }
        }
    }

    private static float[] zoom(float[] values, int width, int height, int newWidth, int newHeight) {
        float[] out = new float[newWidth * newHeight];
        for (int j = 0; j < newHeight; j++) {
            double y = (j + 0.5) * ((double) height / newHeight) - 0.5;
            int y0 = (int) Math.floor(y);
            double ty = y - y0;
            for (int i = 0; i < newWidth; i++) {
                double x = (i + 0.5) * ((double) width / newWidth) - 0.5;
                int x0 = (int) Math.floor(x);
                double tx = x - x0;
                double above = (1 - tx) * at(values, x0, y0, width, height)
                        + tx * at(values, x0 + 1, y0, width, height);
                double below = (1 - tx) * at(values, x0, y0 + 1, width, height)
                        + tx * at(values, x0 + 1, y0 + 1, width, height);
                out[j * newWidth + i] = (float) ((1 - ty) * above + ty * below);
            }
        }
        return out;
    }

    private static double at(float[] values, int x, int y, int width, int height) {
        return x >= 0 && y >= 0 && x < width && y < height ? values[y * width + x] : 0;
    }

    /** Clips to the film's range, to which 0 belongs if the results are around it. */
    private static void clip(float[] values, float[] out) {
        float[] film = range(values);
        float[] result = range(out);
        boolean zero = (film[0] > 0 || film[1] < 0) && result[0] <= 0 && result[1] >= 0;
        float low = zero ? Math.min(film[0], 0) : film[0];
        float high = zero ? Math.max(film[1], 0) : film[1];
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.clamp(out[i], low, high);
        }
    }

    private static float[] range(float[] values) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float v : values) {
            low = Math.min(low, v);
            high = Math.max(high, v);
        }
        return new float[]{low, high};
    }
}
