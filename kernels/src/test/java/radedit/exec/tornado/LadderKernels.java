package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** The simpler kernels below {@link GemmTile}, with the same arguments, but no epilogue and no 16-bit weights. */
final class LadderKernels {
    /** Tile size of the kernels with 4 x 4 results per work-item. */
    private static final int TILE = 64;
    private static final int SLICE = 16;

    private LadderKernels() {
    }

    /** A term of a row of im2col; 0 outside the picture. */
    private static float value(FloatArray values, IntArray p, int row, int term) {
        int tap = term / p.get(FeatureMap.CHANNELS);
        int channel = term - tap * p.get(FeatureMap.CHANNELS);
        int sample = row / p.get(GemmEpilogue.ROWS_PER_SAMPLE);
        int pixel = row - sample * p.get(GemmEpilogue.ROWS_PER_SAMPLE);
        int outY = pixel / p.get(Gemm.OUT_WIDTH);
        int outX = pixel - outY * p.get(Gemm.OUT_WIDTH);
        int y = outY * p.get(Gemm.STRIDE) - p.get(Gemm.PAD_TOP) + tap / p.get(Gemm.KERNEL_WIDTH);
        int x = outX * p.get(Gemm.STRIDE) - p.get(Gemm.PAD_LEFT) + tap % p.get(Gemm.KERNEL_WIDTH);
        float v = 0f;
        if (row < p.get(Gemm.ROWS) && tap < p.get(Gemm.TAPS) && y >= 0 && x >= 0
                && y < p.get(FeatureMap.HEIGHT) && x < p.get(FeatureMap.WIDTH)) {
            v = values.get(p.get(FeatureMap.X)
                    + ((sample * p.get(FeatureMap.HEIGHT) + y) * p.get(FeatureMap.WIDTH) + x)
                            * p.get(FeatureMap.CHANNELS)
                    + channel);
        }
        return v;
    }

    /** A term of a column's weights; 0 out of range. */
    private static float weight(FloatArray weights, IntArray p, int column, int term) {
        int terms = p.get(Gemm.TAPS) * p.get(FeatureMap.CHANNELS);
        float v = 0f;
        if (column < p.get(GemmEpilogue.COLUMNS) && term < terms) {
            v = weights.get(p.get(Gemm.WEIGHT) + column * terms + term);
        }
        return v;
    }

    private static void store(FloatArray values, IntArray p, int row, int column, float sum) {
        if (row < p.get(Gemm.ROWS) && column < p.get(GemmEpilogue.COLUMNS)) {
            values.set(p.get(GemmEpilogue.OUT) + row * p.get(GemmEpilogue.COLUMNS) + column, sum);
        }
    }

    /** By the definition: one work-item per result. */
    static void naive(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray weights,
            ShortArray halves, IntArray p) {
        int column = ctx.globalIdx;
        int row = ctx.globalIdy;
        int terms = p.get(Gemm.TAPS) * p.get(FeatureMap.CHANNELS);
        float sum = 0f;
        for (int t = 0; t < terms; t++) {
            sum += value(values, p, row, t) * weight(weights, p, column, t);
        }
        store(values, p, row, column, sum);
    }

    /** Tile size 16 x 16, slices of 16 terms in local memory, one result per work-item. */
    static void tiled(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray weights,
            ShortArray halves, IntArray p) {
        int tx = ctx.localIdx;
        int ty = ctx.localIdy;
        int row = ctx.groupIdy * 16 + ty;
        int column = ctx.groupIdx * 16 + tx;
        int terms = p.get(Gemm.TAPS) * p.get(FeatureMap.CHANNELS);
        float[] as = ctx.allocateFloatLocalArray(SLICE * 16);
        float[] bs = ctx.allocateFloatLocalArray(SLICE * 16);
        float sum = 0f;
        for (int t = 0; t < terms; t += SLICE) {
            float v = value(values, p, row, t + tx);
            // Coalesced: adjacent work-items load adjacent terms.
            float w = weight(weights, p, ctx.groupIdx * 16 + ty, t + tx);
            ctx.localBarrier();
            as[ty * 16 + tx] = v;
            bs[tx * 16 + ty] = w;
            ctx.localBarrier();
            for (int k = 0; k < SLICE; k++) {
                sum += as[ty * 16 + k] * bs[k * 16 + tx];
            }
        }
        store(values, p, row, column, sum);
    }

    // @formatter:off: a line for each row of results

    /** Tile size 64 x 64; the 4 x 4 results of a work-item, in registers, are 16 rows and columns apart. */
    static void registers(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray weights,
            ShortArray halves, IntArray p) {
        int ty = ctx.localIdy;
        int tx = ctx.localIdx;
        // A work-item loads 4 terms of one row and of one column.
        int line = (ctx.localIdy * 16 + ctx.localIdx) % TILE;
        int term = (ctx.localIdy * 16 + ctx.localIdx) / TILE * 4;
        int terms = p.get(Gemm.TAPS) * p.get(FeatureMap.CHANNELS);
        float[] as = ctx.allocateFloatLocalArray(SLICE * TILE);
        float[] bs = ctx.allocateFloatLocalArray(SLICE * TILE);
        float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f;
        float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f;
        float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f;
        float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f;
        for (int t = 0; t < terms; t += SLICE) {
            ctx.localBarrier();
            for (int i = term; i < term + 4; i++) {
                as[i * TILE + line] = value(values, p, ctx.groupIdy * TILE + line, t + i);
                bs[i * TILE + line] = weight(weights, p, ctx.groupIdx * TILE + line, t + i);
            }
            ctx.localBarrier();
            for (int k = 0; k < SLICE; k++) {
                int ra = k * TILE + ty;
                int rb = k * TILE + tx;
                float a0 = as[ra], a1 = as[ra + 16], a2 = as[ra + 32], a3 = as[ra + 48];
                float b0 = bs[rb], b1 = bs[rb + 16], b2 = bs[rb + 32], b3 = bs[rb + 48];
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
            }
        }
        store(ctx, values, p, ty, tx, 16, s00, s01, s02, s03);
        store(ctx, values, p, ty + 16, tx, 16, s10, s11, s12, s13);
        store(ctx, values, p, ty + 32, tx, 16, s20, s21, s22, s23);
        store(ctx, values, p, ty + 48, tx, 16, s30, s31, s32, s33);
    }

    /** Likewise, but the 4 x 4 results of a work-item are adjacent, so that local memory is read 128 bits at a time. */
    static void vectors(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray weights,
            ShortArray halves, IntArray p) {
        int ty = ctx.localIdy * 4;
        int tx = ctx.localIdx * 4;
        // A work-item loads 4 terms of one row and of one column.
        int line = (ctx.localIdy * 16 + ctx.localIdx) % TILE;
        int term = (ctx.localIdy * 16 + ctx.localIdx) / TILE * 4;
        int terms = p.get(Gemm.TAPS) * p.get(FeatureMap.CHANNELS);
        float[] as = ctx.allocateFloatLocalArray(SLICE * TILE);
        float[] bs = ctx.allocateFloatLocalArray(SLICE * TILE);
        float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f;
        float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f;
        float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f;
        float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f;
        for (int t = 0; t < terms; t += SLICE) {
            ctx.localBarrier();
            for (int i = term; i < term + 4; i++) {
                as[i * TILE + line] = value(values, p, ctx.groupIdy * TILE + line, t + i);
                bs[i * TILE + line] = weight(weights, p, ctx.groupIdx * TILE + line, t + i);
            }
            ctx.localBarrier();
            for (int k = 0; k < SLICE; k++) {
                int ra = k * TILE + ty;
                int rb = k * TILE + tx;
                float a0 = as[ra], a1 = as[ra + 1], a2 = as[ra + 2], a3 = as[ra + 3];
                float b0 = bs[rb], b1 = bs[rb + 1], b2 = bs[rb + 2], b3 = bs[rb + 3];
                s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3;
                s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3;
                s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3;
                s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3;
            }
        }
        store(ctx, values, p, ty, tx, 1, s00, s01, s02, s03);
        store(ctx, values, p, ty + 1, tx, 1, s10, s11, s12, s13);
        store(ctx, values, p, ty + 2, tx, 1, s20, s21, s22, s23);
        store(ctx, values, p, ty + 3, tx, 1, s30, s31, s32, s33);
    }

    // @formatter:on

    /** Stores four results of a row, this many columns apart. */
    private static void store(KernelContext ctx, FloatArray values, IntArray p, int line, int first, int step,
            float s0, float s1, float s2, float s3) {
        int row = ctx.groupIdy * TILE + line;
        int column = ctx.groupIdx * TILE + first;
        store(values, p, row, column, s0);
        store(values, p, row, column + step, s1);
        store(values, p, row, column + 2 * step, s2);
        store(values, p, row, column + 3 * step, s3);
    }
}
