package radedit.audit;

import radedit.exec.Workers;
import radedit.tensor.Shape;

/**
 * |A|^T [ (|G| |g| |H|^T) * (|B|^T |d| |C|) ] |D|, the magnitudes to which the errors of Winograd's algorithm are relative
 * (Barabasz et al., Error analysis and improving the accuracy of Winograd convolution for deep neural networks,
 * arXiv:1803.10986). They are never less than |W| |x|.
 *
 * @param down
 *            F(2, 3), with the matrices A, G and B
 * @param across
 *            with the matrices D, H and C
 */
record WinogradMagnitudes(Filter down, Filter across) {
    /** Tiles of a row whose sums are computed at a time, so that they stay in cache. */
    private static final int TILES = 16;

    /**
     * The magnitudes of the matrices of minimal filtering F(m, 3), which takes n = m + 2 multiplications.
     *
     * @param input
     *            B^T [n][n]
     * @param weights
     *            G [n][3]
     * @param result
     *            A [n][m]
     */
    private record Filter(double[][] input, double[][] weights, double[][] result) {
        int inputs() {
            return input.length;
        }

        int outputs() {
            return result[0].length;
        }
    }

    private static final Filter F2 = new Filter(
            new double[][]{{1, 0, 1, 0}, {0, 1, 1, 0}, {0, 1, 1, 0}, {0, 1, 0, 1}},
            new double[][]{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, {0, 0, 1}},
            new double[][]{{1, 0}, {1, 1}, {1, 1}, {0, 1}});
    /** At the points 0, 5/8, -5/8, 3/2, -3/2 and infinity. */
    private static final Filter F4 = four(0.625, 1.5);

    /** F(2x2, 3x3), as on a GPU. */
    static final WinogradMagnitudes TWO_BY_TWO = new WinogradMagnitudes(F2, F2);
    /** F(2x4, 3x3), as on a CPU (WinogradPoints). */
    static final WinogradMagnitudes TWO_BY_FOUR = new WinogradMagnitudes(F2, F4);

    private static Filter four(double a, double b) {
        double aa = a * a;
        double bb = b * b;
        double zero = 1 / (aa * bb);
        double p = 1 / (2 * aa * Math.abs(aa - bb));
        double q = 1 / (2 * bb * Math.abs(aa - bb));
        double[] inputA = {0, a * bb, bb, a, 1, 0};
        double[] inputB = {0, aa * b, aa, b, 1, 0};
        double[] weightsA = {p, p * a, p * aa};
        double[] weightsB = {q, q * b, q * bb};
        double[] resultA = {1, a, aa, a * aa};
        double[] resultB = {1, b, bb, b * bb};
        return new Filter(
                new double[][]{{aa * bb, 0, aa + bb, 0, 1, 0}, inputA, inputA, inputB, inputB,
                        {0, aa * bb, 0, aa + bb, 0, 1}},
                new double[][]{{zero, 0, 0}, weightsA, weightsA, weightsB, weightsB, {0, 0, 1}},
                new double[][]{{1, 0, 0, 0}, resultA, resultA, resultB, resultB, {0, 0, 0, 1}});
    }

    /**
     * {@return the magnitudes of each element of the result}
     *
     * @param x
     *            [b, h, w, in]
     * @param in
     *            its shape; the result has the same height and width
     * @param weight
     *            [out, in, 3, 3]
     * @param out
     *            number of output channels
     */
    float[] of(double[] x, Shape in, int out, float[] weight, Workers workers) {
        int channels = in.dim(3);
        float[] u = weights(Magnitudes.transposed(weight, out, channels, 9), channels * out);
        int height = in.dim(1);
        int width = in.dim(2);
        int rows = Math.ceilDiv(height, down.outputs());
        int columns = Math.ceilDiv(width, across.outputs());
        int groups = Math.ceilDiv(columns, TILES);
        float[] y = new float[Math.toIntExact(in.elements() / channels * out)];
        workers.run(in.dim(0) * rows * groups, (task, worker) -> {
            int b = task / groups / rows;
            int top = task / groups % rows * down.outputs();
            int first = task % groups * TILES;
            int n = Math.min(TILES, columns - first);
            float[] v = new float[points() * n * channels];
            for (int t = 0; t < n; t++) {
                input(x, in, b, top - 1, (first + t) * across.outputs() - 1, v, t * channels, n * channels);
            }
            float[] sums = new float[points() * n * out];
            for (int point = 0; point < points(); point++) {
                for (int t = 0; t < n; t++) {
                    Magnitudes.add(v, (point * n + t) * channels, channels, u, point * channels * out, sums,
                            (point * n + t) * out, out);
                }
            }
            for (int t = 0; t < n; t++) {
                for (int i = 0; i < down.outputs() * across.outputs(); i++) {
                    int py = top + i / across.outputs();
                    int px = (first + t) * across.outputs() + i % across.outputs();
                    if (py < height && px < width) {
                        result(sums, t * out, n * out, i, y, ((b * height + py) * width + px) * out, out);
                    }
                }
            }
        });
        return y;
    }

    private int points() {
        return down.inputs() * across.inputs();
    }

    /** One plane of a tile's sums for each point to output i. */
    private void result(float[] sums, int from, int step, int i, float[] y, int to, int out) {
        for (int p = 0; p < points(); p++) {
            double factor = down.result[p / across.inputs()][i / across.outputs()]
                    * across.result[p % across.inputs()][i % across.outputs()];
            addScaled((float) factor, sums, p * step + from, y, to, out);
        }
    }

    /** |B|^T |d| |C| of the pixels from row y and column x of a sample, 0 in the padding; a plane for each point. */
    private void input(double[] x, Shape in, int sample, int y, int left, float[] v, int at, int step) {
        int channels = in.dim(3);
        for (int row = 0; row < down.inputs(); row++) {
            for (int column = 0; column < across.inputs(); column++) {
                int iy = y + row;
                int ix = left + column;
                if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
                    int from = ((sample * in.dim(1) + iy) * in.dim(2) + ix) * channels;
                    float[] d = new float[channels];
                    for (int c = 0; c < channels; c++) {
                        d[c] = (float) Math.abs(x[from + c]);
                    }
                    for (int p = 0; p < points(); p++) {
                        double factor = down.input[p / across.inputs()][row]
                                * across.input[p % across.inputs()][column];
                        addScaled((float) factor, d, 0, v, p * step + at, channels);
                    }
                }
            }
        }
    }

    /** |G| |g| |H|^T: 9 planes of n weights, not negative, to one for each point. */
    private float[] weights(float[] g, int n) {
        float[] u = new float[points() * n];
        for (int p = 0; p < points(); p++) {
            for (int t = 0; t < 9; t++) {
                double factor = down.weights[p / across.inputs()][t / 3] * across.weights[p % across.inputs()][t % 3];
                addScaled((float) factor, g, t * n, u, p * n, n);
            }
        }
        return u;
    }

    private static void addScaled(float factor, float[] from, int fromAt, float[] to, int at, int n) {
        if (factor != 0) {
            for (int i = 0; i < n; i++) {
                to[at + i] += factor * from[fromAt + i];
            }
        }
    }
}
