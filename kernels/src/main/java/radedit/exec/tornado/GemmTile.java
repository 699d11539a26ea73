package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The kernel of {@link Gemm}, with a tile size of 128 x 128 or 64 x 64. A work-group computes a tile from slices of 8 terms in
 * local memory (Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra", 2008). A large tile has 256 work-items
 * with 8 x 8 results each, a small tile 128 work-items with 8 x 4. The rows of a work-item, and in large tiles its columns, are
 * two runs of four, half a tile apart, so that local memory is read 128 bits at a time without bank conflicts, and the
 * work-items of a warp share most reads.
 *
 * <p>
 * Loads from global memory are coalesced: adjacent work-items load adjacent elements, so a warp's load touches four rows
 * instead of thirty-two. Local memory is double-buffered: while one slice is multiplied, the next is loaded, and one barrier
 * per slice is enough.
 *
 * <p>
 * Sums and totals are scalars, because only scalars are certain to be in registers. The eight terms of a slice are unrolled by
 * hand, because TornadoVM does not unroll loops with so large a body.
 */
final class GemmTile {
    /** Rows and columns of a large tile. */
    static final int WIDE = 128;
    /** Padding of each term of a slice in local memory, so that a warp's stores hit different banks. */
    private static final int PAD = 4;

    private GemmTile() {
    }

    /** Offset of a row's pixel at a tap of the window; 0 for padding and rows beyond the last. */
    private static int pixel(IntArray p, int row, int part, int ky, int kx) {
        int sample = row / p.get(GemmEpilogue.ROWS_PER_SAMPLE);
        int pixel = row - sample * p.get(GemmEpilogue.ROWS_PER_SAMPLE);
        int outY = pixel / p.get(Gemm.OUT_WIDTH);
        int outX = pixel - outY * p.get(Gemm.OUT_WIDTH);
        int y = outY * p.get(Gemm.STRIDE) - p.get(Gemm.PAD_TOP) + ky;
        int x = outX * p.get(Gemm.STRIDE) - p.get(Gemm.PAD_LEFT) + kx;
        int up = p.get(FeatureMap.UPSAMPLE);
        int width = p.get(FeatureMap.WIDTH);
        int height = p.get(FeatureMap.HEIGHT);
        int channels = p.get(FeatureMap.CHANNELS);
        int from = p.get(FeatureMap.X);
        if (part == 1) {
            channels = p.get(Gemm.CHANNELS_2);
            from = p.get(Gemm.X_2);
        }
        int at = 0;
        // None of these is negative: the row is one of the result, the pixel inside the feature map.
        if ((p.get(Gemm.ROWS) - 1 - row | y | x | (height << up) - 1 - y | (width << up) - 1 - x) >= 0) {
            at = from + ((sample * height + (y >> up)) * width + (x >> up)) * channels;
        }
        return at;
    }

    /** Step of a row's address per slice: 0 for padding, which is read from the zeros at the start of the values. */
    private static int step(int pixel) {
        int step = 0;
        if (pixel > 0) {
            step = Gemm.SLICE;
        }
        return step;
    }

    // @formatter:off: a line for each row of results
    /**
     * The kernel. TornadoVM compiles scalar arguments in, so branches that they rule out are not generated.
     *
     * @param tile
     *            tile size, 128 or 64
     * @param fraction
     *            {@link WeightFormat#fractionBits} of the weights, which are among {@code floats} where it is 0, else among
     *            {@code halves}
     */
    static void gemm(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray floats, ShortArray halves,
            IntArray p, int tile, int fraction) {
        int half = tile / 2;
        int wide = tile + PAD;
        // Elements per slice of rows and per slice of columns.
        int part = Gemm.SLICE * wide;
        int rows = p.get(Gemm.ROWS);
        int columns = p.get(GemmEpilogue.COLUMNS);
        int terms = p.get(Gemm.TAPS) * (p.get(FeatureMap.CHANNELS) + p.get(Gemm.CHANNELS_2));
        int gate = p.get(GemmEpilogue.GATE);
        int decode = p.get(Gemm.DECODE);
        int item = ctx.localIdx;
        // Position of a work-item's results in the tile: those of 32 adjacent work-items form an 8 x 4 grid, in Z-order.
        int tx = (item >> 5) % 2 * 8 + (item & 1 | item >> 1 & 2 | item >> 2 & 4);
        int ty = (item >> 6) * 4 + (item >> 1 & 1 | item >> 2 & 2);
        int row0 = ctx.groupIdy * tile;
        int column0 = ctx.groupIdx * (tile - gate * half);
        // First column of the second run.
        int column1 = column0 + half;
        if (gate == 1) {
            column1 = column0 + columns / 2;
        }
        // Two slices of rows, then two of columns.
        float[] slices = ctx.allocateFloatLocalArray(4 * Gemm.SLICE * (WIDE + PAD));

        // Coalesced: eight adjacent work-items load the eight terms of a row and of a column; a work-item loads one term of
        // every apart-th row.
        int lane = item & 7;
        int line = item >> 3;
        int apart = tile / 4;
        int row = row0 + line;
        int r0 = pixel(p, row, 0, 0, 0);
        int r1 = pixel(p, row + apart, 0, 0, 0);
        int r2 = pixel(p, row + 2 * apart, 0, 0, 0);
        int r3 = pixel(p, row + 3 * apart, 0, 0, 0);
        int d0 = step(r0), d1 = step(r1), d2 = step(r2), d3 = step(r3);
        r0 += lane; r1 += lane; r2 += lane; r3 += lane;
        int each = p.get(Gemm.PLANES) * terms;
        int w = p.get(Gemm.WEIGHT) + row0 / p.get(Gemm.PLANE_ROWS) * terms + lane;
        int c0 = w + TornadoMath.min(column0 + line, columns - 1) * each;
        int c1 = w + TornadoMath.min(column0 + line + apart, columns - 1) * each;
        int c2 = w + TornadoMath.min(column1 + line, columns - 1) * each;
        int c3 = w + TornadoMath.min(column1 + line + apart, columns - 1) * each;
        int local = lane * wide + line;
        int columnLocal = 2 * part + local;

        float q00 = 0f, q01 = 0f, q02 = 0f, q03 = 0f, q04 = 0f, q05 = 0f, q06 = 0f, q07 = 0f;
        float q10 = 0f, q11 = 0f, q12 = 0f, q13 = 0f, q14 = 0f, q15 = 0f, q16 = 0f, q17 = 0f;
        float q20 = 0f, q21 = 0f, q22 = 0f, q23 = 0f, q24 = 0f, q25 = 0f, q26 = 0f, q27 = 0f;
        float q30 = 0f, q31 = 0f, q32 = 0f, q33 = 0f, q34 = 0f, q35 = 0f, q36 = 0f, q37 = 0f;
        float q40 = 0f, q41 = 0f, q42 = 0f, q43 = 0f, q44 = 0f, q45 = 0f, q46 = 0f, q47 = 0f;
        float q50 = 0f, q51 = 0f, q52 = 0f, q53 = 0f, q54 = 0f, q55 = 0f, q56 = 0f, q57 = 0f;
        float q60 = 0f, q61 = 0f, q62 = 0f, q63 = 0f, q64 = 0f, q65 = 0f, q66 = 0f, q67 = 0f;
        float q70 = 0f, q71 = 0f, q72 = 0f, q73 = 0f, q74 = 0f, q75 = 0f, q76 = 0f, q77 = 0f;

        int kx = 0;
        int ky = 0;
        int input = 0;
        int rest = p.get(FeatureMap.CHANNELS);
        float v0 = values.get(r0), v1 = values.get(r1), v2 = values.get(r2), v3 = values.get(r3);
        float w0 = 0f, w1 = 0f, w2 = 0f, w3 = 0f;
        int h0 = 0, h1 = 0, h2 = 0, h3 = 0;
        if (fraction == 0) {
            w0 = floats.get(c0);
            w1 = floats.get(c1);
            w2 = floats.get(c2);
            w3 = floats.get(c3);
        } else {
            h0 = halves.get(c0);
            h1 = halves.get(c1);
            h2 = halves.get(c2);
            h3 = halves.get(c3);
        }
        int slice = 0;
        for (int block = 0; block < terms; block += Gemm.BLOCK) {
            float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f, s04 = 0f, s05 = 0f, s06 = 0f, s07 = 0f;
            float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f, s14 = 0f, s15 = 0f, s16 = 0f, s17 = 0f;
            float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f, s24 = 0f, s25 = 0f, s26 = 0f, s27 = 0f;
            float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f, s34 = 0f, s35 = 0f, s36 = 0f, s37 = 0f;
            float s40 = 0f, s41 = 0f, s42 = 0f, s43 = 0f, s44 = 0f, s45 = 0f, s46 = 0f, s47 = 0f;
            float s50 = 0f, s51 = 0f, s52 = 0f, s53 = 0f, s54 = 0f, s55 = 0f, s56 = 0f, s57 = 0f;
            float s60 = 0f, s61 = 0f, s62 = 0f, s63 = 0f, s64 = 0f, s65 = 0f, s66 = 0f, s67 = 0f;
            float s70 = 0f, s71 = 0f, s72 = 0f, s73 = 0f, s74 = 0f, s75 = 0f, s76 = 0f, s77 = 0f;
            for (int n = TornadoMath.min(terms - block, Gemm.BLOCK); n > 0; n -= Gemm.SLICE) {
                    if (fraction != 0) {
                        w0 = Gemm.decode(tables, fraction, decode, h0);
                        w1 = Gemm.decode(tables, fraction, decode, h1);
                        w2 = Gemm.decode(tables, fraction, decode, h2);
                        w3 = Gemm.decode(tables, fraction, decode, h3);
                    }
                    int to = slice + local;
                    slices[to] = v0;
                    slices[to + apart] = v1;
                    slices[to + 2 * apart] = v2;
                    slices[to + 3 * apart] = v3;
                    int columnTo = slice + columnLocal;
                    slices[columnTo] = w0;
                    slices[columnTo + apart] = w1;
                    slices[columnTo + 2 * apart] = w2;
                    slices[columnTo + 3 * apart] = w3;
                    rest -= Gemm.SLICE;
                    if (rest > 0) {
                        r0 += d0;
                        r1 += d1;
                        r2 += d2;
                        r3 += d3;
                    } else {
                        // The second input follows, or the next tap.
                        input++;
                        if (input == 2 || p.get(Gemm.CHANNELS_2) == 0) {
                            input = 0;
                            kx++;
                            if (kx == p.get(Gemm.KERNEL_WIDTH)) {
                                kx = 0;
                                ky++;
                            }
                        }
                        rest = p.get(FeatureMap.CHANNELS);
                        if (input == 1) {
                            rest = p.get(Gemm.CHANNELS_2);
                        }
                        r0 = pixel(p, row, input, ky, kx);
                        r1 = pixel(p, row + apart, input, ky, kx);
                        r2 = pixel(p, row + 2 * apart, input, ky, kx);
                        r3 = pixel(p, row + 3 * apart, input, ky, kx);
                        d0 = step(r0);
                        d1 = step(r1);
                        d2 = step(r2);
                        d3 = step(r3);
                        r0 += lane; r1 += lane; r2 += lane; r3 += lane;
                    }
                    c0 += Gemm.SLICE;
                    c1 += Gemm.SLICE;
                    c2 += Gemm.SLICE;
                    c3 += Gemm.SLICE;
                    // Loads the next slice before the barrier, past which a compiler may not move the loads. The loads after
                    // the last slice are unused.
                    if (fraction == 0) {
                        w0 = floats.get(c0);
                        w1 = floats.get(c1);
                        w2 = floats.get(c2);
                        w3 = floats.get(c3);
                    } else {
                        h0 = halves.get(c0);
                        h1 = halves.get(c1);
                        h2 = halves.get(c2);
                        h3 = halves.get(c3);
                    }
                    v0 = values.get(r0);
                    v1 = values.get(r1);
                    v2 = values.get(r2);
                    v3 = values.get(r3);
                    ctx.localBarrier();
                int ra = slice + ty * 4;
                int rb = slice + 2 * part + tx * 4;
                float a0 = slices[ra], a1 = slices[ra + 1], a2 = slices[ra + 2], a3 = slices[ra + 3];
                float a4 = slices[ra + half], a5 = slices[ra + half + 1], a6 = slices[ra + half + 2], a7 = slices[ra + half + 3];
                float b0 = slices[rb], b1 = slices[rb + 1], b2 = slices[rb + 2], b3 = slices[rb + 3];
                float b4 = 0f, b5 = 0f, b6 = 0f, b7 = 0f;
                if (tile == 128) {
                    b4 = slices[rb + half]; b5 = slices[rb + half + 1]; b6 = slices[rb + half + 2]; b7 = slices[rb + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + wide]; a1 = slices[ra + wide + 1]; a2 = slices[ra + wide + 2]; a3 = slices[ra + wide + 3];
                a4 = slices[ra + wide + half]; a5 = slices[ra + wide + half + 1]; a6 = slices[ra + wide + half + 2]; a7 = slices[ra + wide + half + 3];
                b0 = slices[rb + wide]; b1 = slices[rb + wide + 1]; b2 = slices[rb + wide + 2]; b3 = slices[rb + wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + wide + half]; b5 = slices[rb + wide + half + 1]; b6 = slices[rb + wide + half + 2]; b7 = slices[rb + wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 2 * wide]; a1 = slices[ra + 2 * wide + 1]; a2 = slices[ra + 2 * wide + 2]; a3 = slices[ra + 2 * wide + 3];
                a4 = slices[ra + 2 * wide + half]; a5 = slices[ra + 2 * wide + half + 1]; a6 = slices[ra + 2 * wide + half + 2]; a7 = slices[ra + 2 * wide + half + 3];
                b0 = slices[rb + 2 * wide]; b1 = slices[rb + 2 * wide + 1]; b2 = slices[rb + 2 * wide + 2]; b3 = slices[rb + 2 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 2 * wide + half]; b5 = slices[rb + 2 * wide + half + 1]; b6 = slices[rb + 2 * wide + half + 2]; b7 = slices[rb + 2 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 3 * wide]; a1 = slices[ra + 3 * wide + 1]; a2 = slices[ra + 3 * wide + 2]; a3 = slices[ra + 3 * wide + 3];
                a4 = slices[ra + 3 * wide + half]; a5 = slices[ra + 3 * wide + half + 1]; a6 = slices[ra + 3 * wide + half + 2]; a7 = slices[ra + 3 * wide + half + 3];
                b0 = slices[rb + 3 * wide]; b1 = slices[rb + 3 * wide + 1]; b2 = slices[rb + 3 * wide + 2]; b3 = slices[rb + 3 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 3 * wide + half]; b5 = slices[rb + 3 * wide + half + 1]; b6 = slices[rb + 3 * wide + half + 2]; b7 = slices[rb + 3 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 4 * wide]; a1 = slices[ra + 4 * wide + 1]; a2 = slices[ra + 4 * wide + 2]; a3 = slices[ra + 4 * wide + 3];
                a4 = slices[ra + 4 * wide + half]; a5 = slices[ra + 4 * wide + half + 1]; a6 = slices[ra + 4 * wide + half + 2]; a7 = slices[ra + 4 * wide + half + 3];
                b0 = slices[rb + 4 * wide]; b1 = slices[rb + 4 * wide + 1]; b2 = slices[rb + 4 * wide + 2]; b3 = slices[rb + 4 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 4 * wide + half]; b5 = slices[rb + 4 * wide + half + 1]; b6 = slices[rb + 4 * wide + half + 2]; b7 = slices[rb + 4 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 5 * wide]; a1 = slices[ra + 5 * wide + 1]; a2 = slices[ra + 5 * wide + 2]; a3 = slices[ra + 5 * wide + 3];
                a4 = slices[ra + 5 * wide + half]; a5 = slices[ra + 5 * wide + half + 1]; a6 = slices[ra + 5 * wide + half + 2]; a7 = slices[ra + 5 * wide + half + 3];
                b0 = slices[rb + 5 * wide]; b1 = slices[rb + 5 * wide + 1]; b2 = slices[rb + 5 * wide + 2]; b3 = slices[rb + 5 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 5 * wide + half]; b5 = slices[rb + 5 * wide + half + 1]; b6 = slices[rb + 5 * wide + half + 2]; b7 = slices[rb + 5 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 6 * wide]; a1 = slices[ra + 6 * wide + 1]; a2 = slices[ra + 6 * wide + 2]; a3 = slices[ra + 6 * wide + 3];
                a4 = slices[ra + 6 * wide + half]; a5 = slices[ra + 6 * wide + half + 1]; a6 = slices[ra + 6 * wide + half + 2]; a7 = slices[ra + 6 * wide + half + 3];
                b0 = slices[rb + 6 * wide]; b1 = slices[rb + 6 * wide + 1]; b2 = slices[rb + 6 * wide + 2]; b3 = slices[rb + 6 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 6 * wide + half]; b5 = slices[rb + 6 * wide + half + 1]; b6 = slices[rb + 6 * wide + half + 2]; b7 = slices[rb + 6 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                a0 = slices[ra + 7 * wide]; a1 = slices[ra + 7 * wide + 1]; a2 = slices[ra + 7 * wide + 2]; a3 = slices[ra + 7 * wide + 3];
                a4 = slices[ra + 7 * wide + half]; a5 = slices[ra + 7 * wide + half + 1]; a6 = slices[ra + 7 * wide + half + 2]; a7 = slices[ra + 7 * wide + half + 3];
                b0 = slices[rb + 7 * wide]; b1 = slices[rb + 7 * wide + 1]; b2 = slices[rb + 7 * wide + 2]; b3 = slices[rb + 7 * wide + 3];
                if (tile == 128) {
                    b4 = slices[rb + 7 * wide + half]; b5 = slices[rb + 7 * wide + half + 1]; b6 = slices[rb + 7 * wide + half + 2]; b7 = slices[rb + 7 * wide + half + 3];
                }
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
                s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3;
                s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3;
                s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3;
                s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3;
                if (tile == 128) {
                    s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
                // Slices alternate between the two buffers.
                    slice ^= part;
            }
            q00 += s00; q01 += s01; q02 += s02; q03 += s03;
            q10 += s10; q11 += s11; q12 += s12; q13 += s13;
            q20 += s20; q21 += s21; q22 += s22; q23 += s23;
            q30 += s30; q31 += s31; q32 += s32; q33 += s33;
            q40 += s40; q41 += s41; q42 += s42; q43 += s43;
            q50 += s50; q51 += s51; q52 += s52; q53 += s53;
            q60 += s60; q61 += s61; q62 += s62; q63 += s63;
            q70 += s70; q71 += s71; q72 += s72; q73 += s73;
            if (tile == 128) {
                q04 += s04; q05 += s05; q06 += s06; q07 += s07;
                q14 += s14; q15 += s15; q16 += s16; q17 += s17;
                q24 += s24; q25 += s25; q26 += s26; q27 += s27;
                q34 += s34; q35 += s35; q36 += s36; q37 += s37;
                q44 += s44; q45 += s45; q46 += s46; q47 += s47;
                q54 += s54; q55 += s55; q56 += s56; q57 += s57;
                q64 += s64; q65 += s65; q66 += s66; q67 += s67;
                q74 += s74; q75 += s75; q76 += s76; q77 += s77;
            }
        }
        ctx.localBarrier();

        // Stores the eight rows of each work-item one by one, through local memory, so that the code of the epilogue is
        // generated once and stores are coalesced.
        int slot = ty * tile + tx * 4;
        int across = tile - gate * half;
        for (int r = 0; r < 8; r++) {
            if (r == 0) {
                slices[slot] = q00; slices[slot + 1] = q01; slices[slot + 2] = q02; slices[slot + 3] = q03;
                if (tile == 128) {
                    slices[slot + half] = q04; slices[slot + half + 1] = q05; slices[slot + half + 2] = q06; slices[slot + half + 3] = q07;
                }
            } else if (r == 1) {
                slices[slot] = q10; slices[slot + 1] = q11; slices[slot + 2] = q12; slices[slot + 3] = q13;
                if (tile == 128) {
                    slices[slot + half] = q14; slices[slot + half + 1] = q15; slices[slot + half + 2] = q16; slices[slot + half + 3] = q17;
                }
            } else if (r == 2) {
                slices[slot] = q20; slices[slot + 1] = q21; slices[slot + 2] = q22; slices[slot + 3] = q23;
                if (tile == 128) {
                    slices[slot + half] = q24; slices[slot + half + 1] = q25; slices[slot + half + 2] = q26; slices[slot + half + 3] = q27;
                }
            } else if (r == 3) {
                slices[slot] = q30; slices[slot + 1] = q31; slices[slot + 2] = q32; slices[slot + 3] = q33;
                if (tile == 128) {
                    slices[slot + half] = q34; slices[slot + half + 1] = q35; slices[slot + half + 2] = q36; slices[slot + half + 3] = q37;
                }
            } else if (r == 4) {
                slices[slot] = q40; slices[slot + 1] = q41; slices[slot + 2] = q42; slices[slot + 3] = q43;
                if (tile == 128) {
                    slices[slot + half] = q44; slices[slot + half + 1] = q45; slices[slot + half + 2] = q46; slices[slot + half + 3] = q47;
                }
            } else if (r == 5) {
                slices[slot] = q50; slices[slot + 1] = q51; slices[slot + 2] = q52; slices[slot + 3] = q53;
                if (tile == 128) {
                    slices[slot + half] = q54; slices[slot + half + 1] = q55; slices[slot + half + 2] = q56; slices[slot + half + 3] = q57;
                }
            } else if (r == 6) {
                slices[slot] = q60; slices[slot + 1] = q61; slices[slot + 2] = q62; slices[slot + 3] = q63;
                if (tile == 128) {
                    slices[slot + half] = q64; slices[slot + half + 1] = q65; slices[slot + half + 2] = q66; slices[slot + half + 3] = q67;
                }
            } else {
                slices[slot] = q70; slices[slot + 1] = q71; slices[slot + 2] = q72; slices[slot + 3] = q73;
                if (tile == 128) {
                    slices[slot + half] = q74; slices[slot + half + 1] = q75; slices[slot + half + 2] = q76; slices[slot + half + 3] = q77;
                }
            }
            ctx.localBarrier();
            for (int e = item; e < tile / 8 * across; e += Gemm.SLICE * apart) {
                int line4 = e / across;
                int j = e - line4 * across;
                int outRow = row0 + line4 * 4 + r;
                if (r > 3) {
                    outRow = row0 + half + line4 * 4 + r - 4;
                }
                int outColumn = column0 + j;
                if (outRow < rows && outColumn < p.get(GemmEpilogue.OUT_CHANNELS)) {
                    int from = line4 * tile + j;
                    GemmEpilogue.finish(values, tables, p, outRow, outColumn, slices[from], slices[from + gate * half]);
                }
            }
            ctx.localBarrier();
        }
    }
}
