package radedit.audit;

import java.util.Arrays;

import radedit.exec.Workers;
import radedit.graph.Op;
import radedit.tensor.Shape;

/**
 * Sums of the magnitudes of products: |W| |x| of a linear layer or convolution, to which the errors of its sums are
 * relative, and the same of Winograd's algorithm. In float32, because a bound needs two digits; pictures are NHWC.
 */
final class Magnitudes {
    /** Tiles of a row whose sums are computed at a time, so that they stay in cache. */
    private static final int TILES = 16;

    private Magnitudes() {
    }

    /**
     * {@return |W| |x| [rows, out]}
     *
     * @param x
     *            [rows, in]
     * @param weight
     *            [out, in]
     */
    static float[] linear(double[] x, int in, int out, float[] weight, Workers workers) {
        float[] w = transposed(weight, out, in, 1);
        int rows = in == 0 ? 0 : x.length / in;
        float[] y = new float[Math.multiplyExact(rows, out)];
        workers.run(rows, (row, worker) -> add(x, row * in, in, w, 0, y, row * out, out));
        return y;
    }

    /**
     * {@return |W| * |x| of a convolution, [b, h, w, out]}
     *
     * @param x
     *            [b, h, w, in]
     * @param weight
     *            [out, in, k, k]
     */
    static float[] convolution(Op.Conv2d c, double[] x, Shape in, Shape out, float[] weight, Workers workers) {
        int channels = in.dim(3);
        int k = c.kernel();
        int o = c.outChannels();
        float[] w = transposed(weight, o, channels, k * k);
        float[] y = new float[Math.toIntExact(out.elements())];
        workers.run(out.dim(0) * out.dim(1), (row, worker) -> {
            int b = row / out.dim(1);
            for (int ox = 0; ox < out.dim(2); ox++) {
                for (int t = 0; t < k * k; t++) {
                    int iy = row % out.dim(1) * c.stride() + t / k - c.padding().top();
                    int ix = ox * c.stride() + t % k - c.padding().left();
                    if (iy >= 0 && iy < in.dim(1) && ix >= 0 && ix < in.dim(2)) {
                        add(x, ((b * in.dim(1) + iy) * in.dim(2) + ix) * channels, channels, w, t * channels * o, y,
                                (row * out.dim(2) + ox) * o, o);
                    }
                }
            }
        });
        return y;
    }

    /**
     * {@return |A|^T [ (|G| |g| |G|^T) * (|B|^T |d| |B|) ] |A|, the magnitudes to which the errors of F(2x2, 3x3) are
     * relative (Barabasz et al., Error analysis and improving the accuracy of Winograd convolution for deep neural
     * networks, arXiv:1803.10986; the matrices are those of WinogradStep)}
     *
     * <p>
     * They are never less than |W| * |x|.
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
    static float[] winograd(double[] x, Shape in, int out, float[] weight, Workers workers) {
        int channels = in.dim(3);
        float[] u = winogradWeights(transposed(weight, out, channels, 9), channels * out);
        int height = in.dim(1);
        int width = in.dim(2);
        int down = (height + 1) / 2;
        int across = (width + 1) / 2;
        int groups = Math.ceilDiv(across, TILES);
        float[] y = new float[Math.toIntExact(in.elements() / channels * out)];
        workers.run(in.dim(0) * down * groups, (task, worker) -> {
            int b = task / groups / down;
            int oy = task / groups % down * 2;
            int first = task % groups * TILES;
            int n = Math.min(TILES, across - first);
            float[] v = new float[16 * n * channels];
            for (int t = 0; t < n; t++) {
                tile(x, b * height, height, width, oy - 1, (first + t) * 2 - 1, channels, v, t * channels,
                        n * channels);
            }
            float[] sums = new float[16 * n * out];
            for (int point = 0; point < 16; point++) {
                for (int t = 0; t < n; t++) {
                    add(v, (point * n + t) * channels, channels, u, point * channels * out, sums,
                            (point * n + t) * out, out);
                }
            }
            for (int t = 0; t < n; t++) {
                for (int i = 0; i < 4; i++) {
                    int py = oy + i / 2;
                    int px = (first + t) * 2 + i % 2;
                    if (py < height && px < width) {
                        int to = ((b * height + py) * width + px) * out;
                        // |A|^T has rows 1 1 1 0 and 0 1 1 1
                        for (int p = 0; p < 9; p++) {
                            int at = (((i / 2 + p / 3) * 4 + i % 2 + p % 3) * n + t) * out;
                            for (int o = 0; o < out; o++) {
                                y[to + o] += sums[at + o];
                            }
                        }
                    }
                }
            }
        });
        return y;
    }

    /** |B|^T |d| |B| of the 4 x 4 pixels from row y and column x of a sample, 0 in the padding; 16 planes. */
    private static void tile(double[] x, int firstRow, int height, int width, int y, int left, int channels, float[] v,
            int at, int step) {
        int[][] pairs = {{0, 2}, {1, 2}, {1, 2}, {1, 3}};
        for (int p = 0; p < 16; p++) {
            for (int row : pairs[p / 4]) {
                for (int column : pairs[p % 4]) {
                    int iy = y + row;
                    int ix = left + column;
                    if (iy >= 0 && iy < height && ix >= 0 && ix < width) {
                        int from = ((firstRow + iy) * width + ix) * channels;
                        int to = p * step + at;
                        for (int c = 0; c < channels; c++) {
                            v[to + c] += (float) Math.abs(x[from + c]);
                        }
                    }
                }
            }
        }
    }

    /** |G| |g| |G|^T: 9 planes of n weights, not negative, to 16. */
    private static float[] winogradWeights(float[] g, int n) {
        float[][] rows = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, 0.5f, 0.5f}, {0, 0, 1}};
        float[] u = new float[16 * n];
        for (int p = 0; p < 16; p++) {
            for (int t = 0; t < 9; t++) {
                float factor = rows[p / 4][t / 3] * rows[p % 4][t % 3];
                if (factor != 0) {
                    for (int i = 0; i < n; i++) {
                        u[p * n + i] += factor * g[t * n + i];
                    }
                }
            }
        }
        return u;
    }

    /** |weight| [out, in, taps] as [taps, in, out]. */
    private static float[] transposed(float[] weight, int out, int in, int taps) {
        float[] w = new float[weight.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int t = 0; t < taps; t++) {
                    w[(t * in + i) * out + o] = Math.abs(weight[(o * in + i) * taps + t]);
                }
            }
        }
        return w;
    }

    private static void add(double[] x, int at, int n, float[] w, int from, float[] y, int to, int out) {
        float[] a = new float[n];
        for (int i = 0; i < n; i++) {
            a[i] = (float) Math.abs(x[at + i]);
        }
        add(a, 0, n, w, from, y, to, out);
    }

    /** Adds x[at + i] times row i of w to a row of y, two rows at a time. */
    private static void add(float[] x, int at, int n, float[] w, int from, float[] y, int to, int out) {
        float[] sum = Arrays.copyOfRange(y, to, to + out);
        int i = 0;
        for (; i + 2 <= n; i += 2) {
            addTwo(sum, x[at + i], x[at + i + 1], w, from + i * out);
        }
        if (i < n) {
            addTwo(sum, x[at + i], 0, w, from + i * out, from + i * out);
        }
        System.arraycopy(sum, 0, y, to, out);
    }

    private static void addTwo(float[] sum, float a, float b, float[] w, int row) {
        addTwo(sum, a, b, w, row, row + sum.length);
    }

    private static void addTwo(float[] sum, float a, float b, float[] w, int row, int next) {
        for (int o = 0; o < sum.length; o++) {
            sum[o] += a * w[row + o] + b * w[next + o];
        }
    }
}
