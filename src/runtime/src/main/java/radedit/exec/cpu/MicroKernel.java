package radedit.exec.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import radedit.exec.Processor;

/**
 * The GEMM micro-kernel of convolutions, linear layers and attention: a tile of 6 rows times a panel of up to
 * {@link #WIDTH} columns, with all accumulators in registers (Goto and van de Geijn, "Anatomy of high-performance
 * matrix multiplication", 2008).
 *
 * <p>
 * A is read in place, by one offset for each of the 6 rows, so pixels, padding and Winograd tiles need no copy; its
 * elements are broadcast one by one. B is packed: for each k, {@code width} contiguous columns. C is a packed tile
 * with rows of {@code width}. Six rows and four vectors take 24 + 5 of the 32 registers of AVX-512 and NEON. With 16
 * registers (AVX2), six rows and two vectors take 12 + 3, and a panel of four vectors is processed in two passes
 * while its block of k is in L1.
 *
 * <p>
 * k is cut into blocks of {@value #K_BLOCK} with separate accumulators, whose sums are then added: this keeps the
 * rounding error of a long sum close to that of one block.
 *
 * <p>
 * The bodies are unrolled by hand, without helper methods, because a vector that crosses a call that the JIT does not
 * inline is boxed, which makes the kernel four times slower.
 */
final class MicroKernel {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    /** Floats per vector. */
    static final int L = S.length();
    /** Rows per tile. */
    static final int ROWS = 6;
    private static final boolean MANY_REGISTERS = L >= 16 || System.getProperty("os.arch").equals("aarch64");
    /** Columns of a full panel. */
    static final int WIDTH = 4 * L;
    private static final int K_BLOCK = 128;
    /**
     * Whether the next rows are read ahead. AMD's processors gain by it; Intel's fetch rows by themselves and lose a tenth,
     * because what is read is added up by a unit that could multiply.
     */
    private static final boolean READS_AHEAD = Processor.vendor().equals("AuthenticAMD");
    /** D of a product without one. */
    static final float[] ZEROS = new float[ROWS * WIDTH];

    private MicroKernel() {
    }

    /** C += A B, as {@link #multiply(int, int, float[], int[], int, float[], int, float[], int, float[], int)}. */
    static void multiply(int width, int k, float[] a, int[] row, float[] b, int bAt, float[] c, int cAt) {
        multiply(width, k, a, row, -1, b, bAt, c, cAt, c, cAt);
    }

    /**
     * C = D + A B.
     *
     * @param width
     *            columns of the panel: 1, 2 or 4 vectors
     * @param row
     *            offsets in {@code a} of the 6 rows; missing rows repeat an existing one
     * @param next
     *            offset in {@code a} of the {@code 6 k} elements that will be read next, which may be brought into the
     *            nearest cache meanwhile; -1 for none
     * @param d
     *            may be {@code c}
     */
    static void multiply(int width, int k, float[] a, int[] row, int next, float[] b, int bAt, float[] d, int dAt,
            float[] c, int cAt) {
        float[] from = d;
        int fromAt = dAt;
        for (int k0 = 0; k0 < k; k0 += K_BLOCK) {
            int n = Math.min(K_BLOCK, k - k0);
            int at = bAt + k0 * width;
            int a0 = row[0] + k0;
            int a1 = row[1] + k0;
            int a2 = row[2] + k0;
            int a3 = row[3] + k0;
            int a4 = row[4] + k0;
            int a5 = row[5] + k0;
            switch (width / L) {
                case 4 -> {
                    if (MANY_REGISTERS) {
                        int touch = next < 0 ? a0 : next + k0 * ROWS;
                        multiply4(n, a, a0, a1, a2, a3, a4, a5, touch, next < 0 ? 0 : ROWS, b, at, from, fromAt, c,
                                cAt);
                    } else {
                        multiply2(n, a, a0, a1, a2, a3, a4, a5, b, at, from, fromAt, c, cAt, 4 * L);
                        multiply2(n, a, a0, a1, a2, a3, a4, a5, b, at + 2 * L, from, fromAt + 2 * L, c, cAt + 2 * L,
                                4 * L);
                    }
                }
                case 2 -> multiply2(n, a, a0, a1, a2, a3, a4, a5, b, at, from, fromAt, c, cAt, 2 * L);
                default -> multiply1(n, a, a0, a1, a2, a3, a4, a5, b, at, from, fromAt, c, cAt);
            }
            from = c;
            fromAt = cAt;
        }
    }

    /** Returns what it touched, so that the JIT does not remove it. */
    private static float multiply4(int k, float[] a, int a0, int a1, int a2, int a3, int a4, int a5, int next,
            int nextStep, float[] b, int bAt, float[] d, int dAt, float[] c, int cAt) {
        float touched = 0;
        FloatVector c0p = FloatVector.zero(S), c0q = c0p, c0r = c0p, c0s = c0p;
        FloatVector c1p = FloatVector.zero(S), c1q = c1p, c1r = c1p, c1s = c1p;
        FloatVector c2p = FloatVector.zero(S), c2q = c2p, c2r = c2p, c2s = c2p;
        FloatVector c3p = FloatVector.zero(S), c3q = c3p, c3r = c3p, c3s = c3p;
        FloatVector c4p = FloatVector.zero(S), c4q = c4p, c4r = c4p, c4s = c4p;
        FloatVector c5p = FloatVector.zero(S), c5q = c5p, c5r = c5p, c5s = c5p;
        for (int i = 0; i < k; i++) {
            int at = bAt + i * 4 * L;
            FloatVector bp = FloatVector.fromArray(S, b, at);
            FloatVector bq = FloatVector.fromArray(S, b, at + L);
            FloatVector br = FloatVector.fromArray(S, b, at + 2 * L);
            FloatVector bs = FloatVector.fromArray(S, b, at + 3 * L);
            if (READS_AHEAD) {
                touched += a[next + i * nextStep];
            }
            FloatVector t = FloatVector.broadcast(S, a[a0 + i]);
            c0p = bp.fma(t, c0p);
            c0q = bq.fma(t, c0q);
            c0r = br.fma(t, c0r);
            c0s = bs.fma(t, c0s);
            t = FloatVector.broadcast(S, a[a1 + i]);
            c1p = bp.fma(t, c1p);
            c1q = bq.fma(t, c1q);
            c1r = br.fma(t, c1r);
            c1s = bs.fma(t, c1s);
            t = FloatVector.broadcast(S, a[a2 + i]);
            c2p = bp.fma(t, c2p);
            c2q = bq.fma(t, c2q);
            c2r = br.fma(t, c2r);
            c2s = bs.fma(t, c2s);
            t = FloatVector.broadcast(S, a[a3 + i]);
            c3p = bp.fma(t, c3p);
            c3q = bq.fma(t, c3q);
            c3r = br.fma(t, c3r);
            c3s = bs.fma(t, c3s);
            t = FloatVector.broadcast(S, a[a4 + i]);
            c4p = bp.fma(t, c4p);
            c4q = bq.fma(t, c4q);
            c4r = br.fma(t, c4r);
            c4s = bs.fma(t, c4s);
            t = FloatVector.broadcast(S, a[a5 + i]);
            c5p = bp.fma(t, c5p);
            c5q = bq.fma(t, c5q);
            c5r = br.fma(t, c5r);
            c5s = bs.fma(t, c5s);
        }
        c0p.add(FloatVector.fromArray(S, d, dAt)).intoArray(c, cAt);
        c0q.add(FloatVector.fromArray(S, d, dAt + L)).intoArray(c, cAt + L);
        c0r.add(FloatVector.fromArray(S, d, dAt + 2 * L)).intoArray(c, cAt + 2 * L);
        c0s.add(FloatVector.fromArray(S, d, dAt + 3 * L)).intoArray(c, cAt + 3 * L);
        c1p.add(FloatVector.fromArray(S, d, dAt + 4 * L)).intoArray(c, cAt + 4 * L);
        c1q.add(FloatVector.fromArray(S, d, dAt + 5 * L)).intoArray(c, cAt + 5 * L);
        c1r.add(FloatVector.fromArray(S, d, dAt + 6 * L)).intoArray(c, cAt + 6 * L);
        c1s.add(FloatVector.fromArray(S, d, dAt + 7 * L)).intoArray(c, cAt + 7 * L);
        c2p.add(FloatVector.fromArray(S, d, dAt + 8 * L)).intoArray(c, cAt + 8 * L);
        c2q.add(FloatVector.fromArray(S, d, dAt + 9 * L)).intoArray(c, cAt + 9 * L);
        c2r.add(FloatVector.fromArray(S, d, dAt + 10 * L)).intoArray(c, cAt + 10 * L);
        c2s.add(FloatVector.fromArray(S, d, dAt + 11 * L)).intoArray(c, cAt + 11 * L);
        c3p.add(FloatVector.fromArray(S, d, dAt + 12 * L)).intoArray(c, cAt + 12 * L);
        c3q.add(FloatVector.fromArray(S, d, dAt + 13 * L)).intoArray(c, cAt + 13 * L);
        c3r.add(FloatVector.fromArray(S, d, dAt + 14 * L)).intoArray(c, cAt + 14 * L);
        c3s.add(FloatVector.fromArray(S, d, dAt + 15 * L)).intoArray(c, cAt + 15 * L);
        c4p.add(FloatVector.fromArray(S, d, dAt + 16 * L)).intoArray(c, cAt + 16 * L);
        c4q.add(FloatVector.fromArray(S, d, dAt + 17 * L)).intoArray(c, cAt + 17 * L);
        c4r.add(FloatVector.fromArray(S, d, dAt + 18 * L)).intoArray(c, cAt + 18 * L);
        c4s.add(FloatVector.fromArray(S, d, dAt + 19 * L)).intoArray(c, cAt + 19 * L);
        c5p.add(FloatVector.fromArray(S, d, dAt + 20 * L)).intoArray(c, cAt + 20 * L);
        c5q.add(FloatVector.fromArray(S, d, dAt + 21 * L)).intoArray(c, cAt + 21 * L);
        c5r.add(FloatVector.fromArray(S, d, dAt + 22 * L)).intoArray(c, cAt + 22 * L);
        c5s.add(FloatVector.fromArray(S, d, dAt + 23 * L)).intoArray(c, cAt + 23 * L);
        return touched;
    }

    /** Two vectors of a panel of {@code width} columns. */
    private static void multiply2(int k, float[] a, int a0, int a1, int a2, int a3, int a4, int a5, float[] b, int bAt,
            float[] d, int dAt, float[] c, int cAt, int width) {
        FloatVector c0p = FloatVector.zero(S), c0q = c0p;
        FloatVector c1p = FloatVector.zero(S), c1q = c1p;
        FloatVector c2p = FloatVector.zero(S), c2q = c2p;
        FloatVector c3p = FloatVector.zero(S), c3q = c3p;
        FloatVector c4p = FloatVector.zero(S), c4q = c4p;
        FloatVector c5p = FloatVector.zero(S), c5q = c5p;
        for (int i = 0; i < k; i++) {
            int at = bAt + i * width;
            FloatVector bp = FloatVector.fromArray(S, b, at);
            FloatVector bq = FloatVector.fromArray(S, b, at + L);
            FloatVector t = FloatVector.broadcast(S, a[a0 + i]);
            c0p = bp.fma(t, c0p);
            c0q = bq.fma(t, c0q);
            t = FloatVector.broadcast(S, a[a1 + i]);
            c1p = bp.fma(t, c1p);
            c1q = bq.fma(t, c1q);
            t = FloatVector.broadcast(S, a[a2 + i]);
            c2p = bp.fma(t, c2p);
            c2q = bq.fma(t, c2q);
            t = FloatVector.broadcast(S, a[a3 + i]);
            c3p = bp.fma(t, c3p);
            c3q = bq.fma(t, c3q);
            t = FloatVector.broadcast(S, a[a4 + i]);
            c4p = bp.fma(t, c4p);
            c4q = bq.fma(t, c4q);
            t = FloatVector.broadcast(S, a[a5 + i]);
            c5p = bp.fma(t, c5p);
            c5q = bq.fma(t, c5q);
        }
        c0p.add(FloatVector.fromArray(S, d, dAt)).intoArray(c, cAt);
        c0q.add(FloatVector.fromArray(S, d, dAt + L)).intoArray(c, cAt + L);
        c1p.add(FloatVector.fromArray(S, d, dAt + width)).intoArray(c, cAt + width);
        c1q.add(FloatVector.fromArray(S, d, dAt + width + L)).intoArray(c, cAt + width + L);
        c2p.add(FloatVector.fromArray(S, d, dAt + 2 * width)).intoArray(c, cAt + 2 * width);
        c2q.add(FloatVector.fromArray(S, d, dAt + 2 * width + L)).intoArray(c, cAt + 2 * width + L);
        c3p.add(FloatVector.fromArray(S, d, dAt + 3 * width)).intoArray(c, cAt + 3 * width);
        c3q.add(FloatVector.fromArray(S, d, dAt + 3 * width + L)).intoArray(c, cAt + 3 * width + L);
        c4p.add(FloatVector.fromArray(S, d, dAt + 4 * width)).intoArray(c, cAt + 4 * width);
        c4q.add(FloatVector.fromArray(S, d, dAt + 4 * width + L)).intoArray(c, cAt + 4 * width + L);
        c5p.add(FloatVector.fromArray(S, d, dAt + 5 * width)).intoArray(c, cAt + 5 * width);
        c5q.add(FloatVector.fromArray(S, d, dAt + 5 * width + L)).intoArray(c, cAt + 5 * width + L);
    }

    private static void multiply1(int k, float[] a, int a0, int a1, int a2, int a3, int a4, int a5, float[] b, int bAt,
            float[] d, int dAt, float[] c, int cAt) {
        FloatVector c0p = FloatVector.zero(S);
        FloatVector c1p = FloatVector.zero(S);
        FloatVector c2p = FloatVector.zero(S);
        FloatVector c3p = FloatVector.zero(S);
        FloatVector c4p = FloatVector.zero(S);
        FloatVector c5p = FloatVector.zero(S);
        for (int i = 0; i < k; i++) {
            int at = bAt + i * L;
            FloatVector bp = FloatVector.fromArray(S, b, at);
            FloatVector t = FloatVector.broadcast(S, a[a0 + i]);
            c0p = bp.fma(t, c0p);
            t = FloatVector.broadcast(S, a[a1 + i]);
            c1p = bp.fma(t, c1p);
            t = FloatVector.broadcast(S, a[a2 + i]);
            c2p = bp.fma(t, c2p);
            t = FloatVector.broadcast(S, a[a3 + i]);
            c3p = bp.fma(t, c3p);
            t = FloatVector.broadcast(S, a[a4 + i]);
            c4p = bp.fma(t, c4p);
            t = FloatVector.broadcast(S, a[a5 + i]);
            c5p = bp.fma(t, c5p);
        }
        c0p.add(FloatVector.fromArray(S, d, dAt)).intoArray(c, cAt);
        c1p.add(FloatVector.fromArray(S, d, dAt + L)).intoArray(c, cAt + L);
        c2p.add(FloatVector.fromArray(S, d, dAt + 2 * L)).intoArray(c, cAt + 2 * L);
        c3p.add(FloatVector.fromArray(S, d, dAt + 3 * L)).intoArray(c, cAt + 3 * L);
        c4p.add(FloatVector.fromArray(S, d, dAt + 4 * L)).intoArray(c, cAt + 4 * L);
        c5p.add(FloatVector.fromArray(S, d, dAt + 5 * L)).intoArray(c, cAt + 5 * L);
    }
}
