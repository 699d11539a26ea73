package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;

/**
 * The transforms of {@link WinogradStep}: F(2, 3) down and F(4, 3) across. F(4, 3) evaluates polynomials at 0, a, -a, b,
 * -b and infinity; a = 5/8 and b = 3/2 give half the rounding error of the usual 1 and 2, and their squares are exact.
 *
 * <pre>
 *        a^2 b^2     0     -(a^2 + b^2)      0        1  0          1/(a^2 b^2)    0       0        1  0   0    0
 *           0     -a b^2      -b^2           a        1  0              p         p a    p a^2      1  a  a^2  a^3
 * C^T =     0      a b^2      -b^2          -a        1  0      H =     p        -p a    p a^2  D = 1 -a  a^2 -a^3
 *           0     -a^2 b      -a^2           b        1  0              q         q b    q b^2      1  b  b^2  b^3
 *           0      a^2 b      -a^2          -b        1  0              q        -q b    q b^2      1 -b  b^2 -b^3
 *           0     a^2 b^2       0      -(a^2 + b^2)   0  1              0          0       1        0  0   0    1
 *
 * p = 1 / (2 a^2 (a^2 - b^2))     q = 1 / (2 b^2 (b^2 - a^2))
 * </pre>
 *
 * <p>
 * Each method computes one row of a transformed tile, so that its vectors fit in 16 registers.
 */
final class WinogradPoints {
    private static final float A = 0.625f;
    private static final float B = 1.5f;
    private static final float AA = A * A;
    private static final float BB = B * B;
    private static final float ZERO_SCALE = (float) (1 / ((double) AA * BB));
    private static final double P = 1 / (2.0 * AA * (AA - BB));
    private static final double Q = 1 / (2.0 * BB * (BB - AA));

    /** Row i of B^T d is row FIRST of d plus SIGN times row SECOND. */
    private static final int[] FIRST = {0, 1, 2, 1};
    private static final int[] SECOND = {2, 2, 1, 3};
    private static final float[] SIGN = {-1, 1, -1, -1};
    /** G. */
    private static final float[][] G = {{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}};

    private WinogradPoints() {
    }

    /**
     * Row {@code i} of B^T d C for {@code n} channels from {@code c0}.
     *
     * @param at
     *            offsets in {@code d} of the pixels of the tile, [4][6]
     * @param step
     *            distance in {@code v} of the elements of the row
     */
    static void transformInput(float[] d, int[] at, int i, int c0, int n, float[] v, int to, int step) {
        int p = 6 * FIRST[i];
        int q = 6 * SECOND[i];
        int p0 = at[p] + c0;
        int p1 = at[p + 1] + c0;
        int p2 = at[p + 2] + c0;
        int p3 = at[p + 3] + c0;
        int p4 = at[p + 4] + c0;
        int p5 = at[p + 5] + c0;
        int q0 = at[q] + c0;
        int q1 = at[q + 1] + c0;
        int q2 = at[q + 2] + c0;
        int q3 = at[q + 3] + c0;
        int q4 = at[q + 4] + c0;
        int q5 = at[q + 5] + c0;
        FloatVector sign = FloatVector.broadcast(S, SIGN[i]);
        for (int c = 0; c < n; c += L) {
            FloatVector x0 = FloatVector.fromArray(S, d, q0 + c).fma(sign, FloatVector.fromArray(S, d, p0 + c));
            FloatVector x1 = FloatVector.fromArray(S, d, q1 + c).fma(sign, FloatVector.fromArray(S, d, p1 + c));
            FloatVector x2 = FloatVector.fromArray(S, d, q2 + c).fma(sign, FloatVector.fromArray(S, d, p2 + c));
            FloatVector x3 = FloatVector.fromArray(S, d, q3 + c).fma(sign, FloatVector.fromArray(S, d, p3 + c));
            FloatVector x4 = FloatVector.fromArray(S, d, q4 + c).fma(sign, FloatVector.fromArray(S, d, p4 + c));
            FloatVector x5 = FloatVector.fromArray(S, d, q5 + c).fma(sign, FloatVector.fromArray(S, d, p5 + c));
            x2.fma(FloatVector.broadcast(S, -(AA + BB)), x4).add(x0.mul(AA * BB)).intoArray(v, to + c);
            FloatVector even = x2.fma(FloatVector.broadcast(S, -BB), x4);
            FloatVector odd = x1.fma(FloatVector.broadcast(S, -BB), x3);
            odd.fma(FloatVector.broadcast(S, A), even).intoArray(v, to + step + c);
            odd.fma(FloatVector.broadcast(S, -A), even).intoArray(v, to + 2 * step + c);
            even = x2.fma(FloatVector.broadcast(S, -AA), x4);
            odd = x1.fma(FloatVector.broadcast(S, -AA), x3);
            odd.fma(FloatVector.broadcast(S, B), even).intoArray(v, to + 3 * step + c);
            odd.fma(FloatVector.broadcast(S, -B), even).intoArray(v, to + 4 * step + c);
            x1.fma(FloatVector.broadcast(S, AA * BB), x3.fma(FloatVector.broadcast(S, -(AA + BB)), x5)).intoArray(v,
                    to + 5 * step + c);
        }
    }

    /**
     * Row {@code i} of G g H^T for {@code n} input channels and the {@code width} outputs of a panel.
     *
     * @param from
     *            offset of the weights [n][3 x 3][width]
     * @param to
     *            offset of the result [6][n][width]
     */
    static void transformWeights(float[] a, int from, int i, int n, int width, int to) {
        FloatVector g0 = FloatVector.broadcast(S, G[i][0]);
        FloatVector g1 = FloatVector.broadcast(S, G[i][1]);
        FloatVector g2 = FloatVector.broadcast(S, G[i][2]);
        int step = n * width;
        for (int c = 0; c < n; c++) {
            for (int k = 0; k < width; k += L) {
                int at = from + c * 9 * width + k;
                FloatVector x0 = FloatVector.fromArray(S, a, at).mul(g0)
                        .add(FloatVector.fromArray(S, a, at + 6 * width).mul(g2));
                FloatVector x1 = FloatVector.fromArray(S, a, at + width).mul(g0)
                        .add(FloatVector.fromArray(S, a, at + 7 * width).mul(g2));
                FloatVector x2 = FloatVector.fromArray(S, a, at + 2 * width).mul(g0)
                        .add(FloatVector.fromArray(S, a, at + 8 * width).mul(g2));
                x0 = FloatVector.fromArray(S, a, at + 3 * width).fma(g1, x0);
                x1 = FloatVector.fromArray(S, a, at + 4 * width).fma(g1, x1);
                x2 = FloatVector.fromArray(S, a, at + 5 * width).fma(g1, x2);
                int o = to + c * width + k;
                x0.mul(ZERO_SCALE).intoArray(a, o);
                FloatVector even = x2.fma(FloatVector.broadcast(S, (float) (AA * P)), x0.mul((float) P));
                x1.fma(FloatVector.broadcast(S, (float) (A * P)), even).intoArray(a, o + step);
                x1.fma(FloatVector.broadcast(S, (float) (-A * P)), even).intoArray(a, o + 2 * step);
                even = x2.fma(FloatVector.broadcast(S, (float) (BB * Q)), x0.mul((float) Q));
                x1.fma(FloatVector.broadcast(S, (float) (B * Q)), even).intoArray(a, o + 3 * step);
                x1.fma(FloatVector.broadcast(S, (float) (-B * Q)), even).intoArray(a, o + 4 * step);
                x2.intoArray(a, o + 5 * step);
            }
        }
    }

    /**
     * The 2 x 4 outputs of one tile, in row-major order: A^T M D.
     *
     * @param sums
     *            offset of M
     * @param step
     *            distance of its elements
     */
    static void transformOutput(float[] a, int sums, int step, int out, int width) {
        for (int k = 0; k < width; k += L) {
            int at = sums + k;
            // A^T M, column by column
            FloatVector m1 = FloatVector.fromArray(S, a, at + 6 * step);
            FloatVector m2 = FloatVector.fromArray(S, a, at + 12 * step);
            FloatVector x0 = FloatVector.fromArray(S, a, at).add(m1).add(m2);
            FloatVector y0 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 18 * step));
            m1 = FloatVector.fromArray(S, a, at + 7 * step);
            m2 = FloatVector.fromArray(S, a, at + 13 * step);
            FloatVector x1 = FloatVector.fromArray(S, a, at + step).add(m1).add(m2);
            FloatVector y1 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 19 * step));
            m1 = FloatVector.fromArray(S, a, at + 8 * step);
            m2 = FloatVector.fromArray(S, a, at + 14 * step);
            FloatVector x2 = FloatVector.fromArray(S, a, at + 2 * step).add(m1).add(m2);
            FloatVector y2 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 20 * step));
            m1 = FloatVector.fromArray(S, a, at + 9 * step);
            m2 = FloatVector.fromArray(S, a, at + 15 * step);
            FloatVector x3 = FloatVector.fromArray(S, a, at + 3 * step).add(m1).add(m2);
            FloatVector y3 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 21 * step));
            m1 = FloatVector.fromArray(S, a, at + 10 * step);
            m2 = FloatVector.fromArray(S, a, at + 16 * step);
            FloatVector x4 = FloatVector.fromArray(S, a, at + 4 * step).add(m1).add(m2);
            FloatVector y4 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 22 * step));
            m1 = FloatVector.fromArray(S, a, at + 11 * step);
            m2 = FloatVector.fromArray(S, a, at + 17 * step);
            FloatVector x5 = FloatVector.fromArray(S, a, at + 5 * step).add(m1).add(m2);
            FloatVector y5 = m1.sub(m2).sub(FloatVector.fromArray(S, a, at + 23 * step));
            // times D, row by row
            FloatVector even = x1.add(x2);
            FloatVector odd = x1.sub(x2);
            FloatVector even2 = x3.add(x4);
            FloatVector odd2 = x3.sub(x4);
            x0.add(even).add(even2).intoArray(a, out + k);
            odd.mul(A).add(odd2.mul(B)).intoArray(a, out + width + k);
            even.mul(AA).add(even2.mul(BB)).intoArray(a, out + 2 * width + k);
            odd.fma(FloatVector.broadcast(S, A * AA), odd2.fma(FloatVector.broadcast(S, B * BB), x5)).intoArray(a,
                    out + 3 * width + k);
            even = y1.add(y2);
            odd = y1.sub(y2);
            even2 = y3.add(y4);
            odd2 = y3.sub(y4);
            y0.add(even).add(even2).intoArray(a, out + 4 * width + k);
            odd.mul(A).add(odd2.mul(B)).intoArray(a, out + 5 * width + k);
            even.mul(AA).add(even2.mul(BB)).intoArray(a, out + 6 * width + k);
            odd.fma(FloatVector.broadcast(S, A * AA), odd2.fma(FloatVector.broadcast(S, B * BB), y5)).intoArray(a,
                    out + 7 * width + k);
        }
    }
}
