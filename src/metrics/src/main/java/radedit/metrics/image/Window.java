package radedit.metrics.image;

import java.util.Arrays;

/**
 * A separable window for local means, with pictures continued by reflection: d c b a | a b c d | d c b a.
 *
 * @param weights
 *            [2 r + 1], symmetric, with the sum 1
 * @param covarianceFactor
 *            by which weighted covariances are multiplied
 */
record Window(double[] weights, double covarianceFactor) {
    /** 7 x 7 equal weights, and the sample covariance: n / (n - 1). */
    static final Window UNIFORM = uniform(7);

    /** Wang et al.'s: standard deviation 1.5, cut off at 3.5 standard deviations, 11 x 11. */
    static final Window GAUSSIAN = gaussian(1.5, 5);

    private static Window uniform(int size) {
        double[] weights = new double[size];
        Arrays.fill(weights, 1.0 / size);
        double n = size * size;
        return new Window(weights, n / (n - 1));
    }

    private static Window gaussian(double sigma, int radius) {
        double[] weights = new double[2 * radius + 1];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(-(i - radius) * (i - radius) / (2 * sigma * sigma));
        }
        double sum = Arrays.stream(weights).sum();
        return new Window(Arrays.stream(weights).map(w -> w / sum).toArray(), 1);
    }

    int size() {
        return weights.length;
    }

    int radius() {
        return weights.length / 2;
    }

    /** Local means; the picture is at least as wide and high as the window. */
    double[] means(double[] picture, int width, int height) {
        double[] down = new double[picture.length];
        for (int y = 0; y < height; y++) {
            for (int k = 0; k < weights.length; k++) {
                int from = reflect(y + k - radius(), height) * width;
                int to = y * width;
                double w = weights[k];
                for (int x = 0; x < width; x++) {
                    down[to + x] += w * picture[from + x];
                }
            }
        }
        double[] means = new double[picture.length];
        double[] row = new double[width + 2 * radius()];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < row.length; x++) {
                row[x] = down[y * width + reflect(x - radius(), width)];
            }
            for (int k = 0; k < weights.length; k++) {
                double w = weights[k];
                for (int x = 0; x < width; x++) {
                    means[y * width + x] += w * row[x + k];
                }
            }
        }
        return means;
    }

    private static int reflect(int i, int n) {
        return i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i;
    }
}
