package radedit.audit;

import java.util.Arrays;

import radedit.exec.Workers;
import radedit.graph.Op;
import radedit.tensor.Shape;

/**
 * Sums of the magnitudes of products: |W| |x| of a linear layer or convolution, to which the errors of its sums are
 * relative. In float32, because a bound needs two digits; pictures are NHWC.
 */
final class Magnitudes {
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

    /** |weight| [out, in, taps] as [taps, in, out]. */
    static float[] transposed(float[] weight, int out, int in, int taps) {
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
    static void add(float[] x, int at, int n, float[] w, int from, float[] y, int to, int out) {
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
