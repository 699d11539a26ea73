package radedit.exec.cpu;

import static radedit.exec.cpu.Activations.LOG2_E;
import static radedit.exec.cpu.Activations.P1;
import static radedit.exec.cpu.Activations.P2;
import static radedit.exec.cpu.Activations.P3;
import static radedit.exec.cpu.Activations.P4;
import static radedit.exec.cpu.Activations.P5;
import static radedit.exec.cpu.Activations.P6;
import static radedit.exec.cpu.Activations.ROUND;
import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.ROWS;
import static radedit.exec.cpu.MicroKernel.S;
import static radedit.exec.cpu.MicroKernel.WIDTH;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import radedit.tensor.Precision;

/**
 * Attention with online softmax (Milakov and Gimelshein, arXiv:1805.02867; Dao et al., arXiv:2205.14135): the matrix of
 * scores is never materialised.
 *
 * <p>
 * Everything is transposed so that vectors run along queries. A task takes one head and a panel of queries, packed as
 * Q^T [channels][panel] and scaled by log2(e) / sqrt(channels). For each block of keys it computes S^T = K Q^T, the
 * block's maximum and P = 2^(S - max), both elementwise over the panel, and adds V^T P to O^T after scaling O^T to the
 * new maximum, if that is larger by more than {@link #SLACK}. There are no horizontal sums, and only the last block may
 * be short.
 *
 * <p>
 * Where weights are to be rounded, the largest score of each query is found first, by computing all scores once more:
 * rounded weights depend on the maximum that they are relative to, which is that of all keys.
 *
 * <p>
 * Before that, K and V of each head are copied block by block, in the order in which the micro-kernel reads them: K
 * [keys][channels], V^T [channels][keys of the block].
 */
final class AttentionStep implements Step {
    private static final int KEYS = 16 * ROWS;
    /** Far below any score, but finite, so that a query without keys does not give NaN. */
    private static final float MASKED = -1e30f;
    /** By how much a score may exceed the maximum that weights are relative to; they are then at most 2^SLACK. */
    private static final float SLACK = 1;

    private final int batch;
    private final int heads;
    private final int queries;
    private final int keys;
    private final int channels;
    private final int each;
    private final float scale;
    private final int qAt;
    private final int kAt;
    private final int vAt;
    private final int maskAt;
    private final int outAt;
    private final Precision rounded;

    /**
     * @param channels
     *            of all heads together
     * @param maskAt
     *            offset of the mask [batch, keys] in the arena, or -1
     * @param rounded
     *            to what weights are rounded before they are multiplied with V
     */
    AttentionStep(int batch, int heads, int queries, int keys, int channels, double scale, int qAt, int kAt, int vAt,
            int maskAt, int outAt, Precision rounded) {
        this.batch = batch;
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
        this.channels = channels;
        this.each = channels / heads;
        this.scale = (float) (scale * LOG2_E);
        this.qAt = qAt;
        this.kAt = kAt;
        this.vAt = vAt;
        this.maskAt = maskAt;
        this.outAt = outAt;
        this.rounded = rounded;
    }

    @Override
    public long shared() {
        return 2L * batch * channels * keys;
    }

    /** Rows of O^T in whole tiles. */
    private int outRows() {
        return (each + ROWS - 1) / ROWS * ROWS;
    }

    @Override
    public long scratch() {
        return Memory.ALIGNED + (long) WIDTH * (each + KEYS + outRows() + 2);
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        float[] kv = memory.shared();
        int keyBlocks = (keys + KEYS - 1) / KEYS;
        memory.workers().run(batch * heads * keyBlocks, (task, worker) -> packKeys(arena, kv, task / keyBlocks / heads,
                task / keyBlocks % heads, task % keyBlocks * KEYS));
        int blocks = (queries + WIDTH - 1) / WIDTH;
        memory.workers().run(batch * heads * blocks, (task, worker) -> attend(arena, kv, memory.scratch(worker),
                task / blocks / heads, task / blocks % heads, task % blocks * WIDTH));
    }

    /** Offset of a block's K in the shared memory; its V^T follows. */
    private int packedKeys(int b, int head, int k0) {
        return 2 * each * ((b * heads + head) * keys + k0);
    }

    private void packKeys(float[] arena, float[] kv, int b, int head, int k0) {
        int n = Math.min(KEYS, keys - k0);
        int from = (b * keys + k0) * channels + head * each;
        int to = packedKeys(b, head, k0);
        for (int j = 0; j < n; j++) {
            System.arraycopy(arena, kAt + from + j * channels, kv, to + j * each, each);
        }
        Transpose.copy(arena, vAt + from, channels, n, each, kv, to + n * each, n);
    }

    private void attend(float[] arena, float[] kv, float[] scratch, int b, int head, int firstQuery) {
        int q = Memory.ALIGNED;
        int s = q + WIDTH * each;
        int o = s + WIDTH * KEYS;
        int max = o + WIDTH * outRows();
        int sum = max + WIDTH;
        packQueries(arena, scratch, q, b, head, firstQuery);
        Arrays.fill(scratch, o, max, 0);
        Arrays.fill(scratch, max, sum, MASKED);
        Arrays.fill(scratch, sum, sum + WIDTH, 0);
        int[] row = new int[ROWS];
        for (int k0 = 0; rounded != Precision.NONE && k0 < keys; k0 += KEYS) {
            scores(arena, kv, scratch, row, q, s, b, head, k0);
            largest(scratch, s, Math.min(KEYS, keys - k0), max);
        }
        for (int k0 = 0; k0 < keys; k0 += KEYS) {
            int n = Math.min(KEYS, keys - k0);
            int vt = packedKeys(b, head, k0) + n * each;
            scores(arena, kv, scratch, row, q, s, b, head, k0);
            softmax(scratch, s, n, max, sum, o);
            if (rounded != Precision.NONE) {
                rounded.round(scratch, s, n * WIDTH, scratch, s);
            }
            for (int c = 0; c < each; c += ROWS) {
                rows(row, vt, c, each, n);
                int next = c + 2 * ROWS <= each ? row[0] + ROWS * n : -1;
                MicroKernel.multiply(WIDTH, n, kv, row, next, scratch, s, scratch, o + c * WIDTH, scratch,
                        o + c * WIDTH);
            }
        }
        store(arena, scratch, o, sum, b, head, firstQuery);
    }

    /** The scores of a block of keys, S^T [keys][panel]. */
    private void scores(float[] arena, float[] kv, float[] scratch, int[] row, int q, int s, int b, int head, int k0) {
        int n = Math.min(KEYS, keys - k0);
        int k = packedKeys(b, head, k0);
        for (int j = 0; j < n; j += ROWS) {
            rows(row, k, j, n, each);
            int next = j + 2 * ROWS <= n ? row[0] + ROWS * each : -1;
            MicroKernel.multiply(WIDTH, each, kv, row, next, scratch, q, MicroKernel.ZEROS, 0, scratch, s + j * WIDTH);
        }
        if (maskAt >= 0) {
            mask(arena, scratch, s, maskAt + b * keys + k0, n);
        }
    }

    /** Raises the maxima to the largest of {@code n} rows of scores. */
    private static void largest(float[] scratch, int s, int n, int max) {
        for (int i = 0; i < n * WIDTH; i++) {
            int at = max + i % WIDTH;
            scratch[at] = Math.max(scratch[at], scratch[s + i]);
        }
    }

    /** Offsets of the rows of a tile from row {@code first} on, of {@code count} rows of {@code step} elements. */
    private static void rows(int[] row, int at, int first, int count, int step) {
        for (int r = 0; r < ROWS; r++) {
            row[r] = at + Math.min(first + r, count - 1) * step;
        }
    }

    private void packQueries(float[] arena, float[] scratch, int q, int b, int head, int firstQuery) {
        int n = Math.min(WIDTH, queries - firstQuery);
        int from = qAt + (b * queries + firstQuery) * channels + head * each;
        Transpose.copy(arena, from, channels, n, each, scratch, q, WIDTH);
        for (int c = 0; c < each; c++) {
            int at = q + c * WIDTH;
            Arrays.fill(scratch, at + n, at + WIDTH, 0);
            for (int i = 0; i < WIDTH; i += L) {
                FloatVector.fromArray(S, scratch, at + i).mul(scale).intoArray(scratch, at + i);
            }
        }
    }

    private static void mask(float[] arena, float[] scratch, int s, int mask, int n) {
        for (int j = 0; j < n; j++) {
            if (arena[mask + j] == 0) {
                Arrays.fill(scratch, s + j * WIDTH, s + (j + 1) * WIDTH, MASKED);
            }
        }
    }

    /**
     * Converts {@code n} rows of scores to weights relative to the maximum and adds them to the running sum. Where a
     * score exceeds the maximum by more than the slack, the largest score so far becomes the maximum, and earlier
     * weights, in the sum and in O^T, are scaled by the weight of the earlier maximum.
     */
    private void softmax(float[] scratch, int s, int n, int max, int sum, int o) {
        FloatVector round = FloatVector.broadcast(S, ROUND);
        for (int i = 0; i < WIDTH; i += L) {
            FloatVector old = FloatVector.fromArray(S, scratch, max + i);
            // Four chains, because each depends on its previous comparison.
            FloatVector m = old, m1 = old, m2 = old, m3 = old;
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                int at = s + j * WIDTH + i;
                FloatVector x = FloatVector.fromArray(S, scratch, at);
                m = m.blend(x, m.lt(x));
                x = FloatVector.fromArray(S, scratch, at + WIDTH);
                m1 = m1.blend(x, m1.lt(x));
                x = FloatVector.fromArray(S, scratch, at + 2 * WIDTH);
                m2 = m2.blend(x, m2.lt(x));
                x = FloatVector.fromArray(S, scratch, at + 3 * WIDTH);
                m3 = m3.blend(x, m3.lt(x));
            }
            for (; j < n; j++) {
                FloatVector x = FloatVector.fromArray(S, scratch, s + j * WIDTH + i);
                m = m.blend(x, m.lt(x));
            }
            m = m.blend(m1, m.lt(m1));
            m2 = m2.blend(m3, m2.lt(m3));
            m = m.blend(m2, m.lt(m2));
            FloatVector total = FloatVector.fromArray(S, scratch, sum + i);
            if (old.add(SLACK).lt(m).anyTrue()) {
                m.intoArray(scratch, max + i);
                FloatVector x = old.sub(m);
                x = x.blend(-125, x.lt(-125));
                FloatVector shifted = x.add(round);
                FloatVector f = x.sub(shifted.sub(round));
                FloatVector p = f.fma(FloatVector.broadcast(S, P6), FloatVector.broadcast(S, P5));
                p = p.fma(f, FloatVector.broadcast(S, P4));
                p = p.fma(f, FloatVector.broadcast(S, P3));
                p = p.fma(f, FloatVector.broadcast(S, P2));
                p = p.fma(f, FloatVector.broadcast(S, P1));
                p = p.fma(f, FloatVector.broadcast(S, 1));
                FloatVector factor = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)
                        .add(p.reinterpretAsInts()).reinterpretAsFloats();
                total = total.mul(factor);
                for (int c = 0; c < each; c++) {
                    int at = o + c * WIDTH + i;
                    FloatVector.fromArray(S, scratch, at).mul(factor).intoArray(scratch, at);
                }
            } else {
                m = old;
            }
            FloatVector block = FloatVector.zero(S);
            for (j = 0; j < n; j++) { // 2^x as in Activations; a method of its own took twice the time, for want of inlining
                int at = s + j * WIDTH + i;
                FloatVector x = FloatVector.fromArray(S, scratch, at).sub(m);
                x = x.blend(-125, x.lt(-125));
                FloatVector shifted = x.add(round);
                FloatVector f = x.sub(shifted.sub(round));
                FloatVector p = f.fma(FloatVector.broadcast(S, P6), FloatVector.broadcast(S, P5));
                p = p.fma(f, FloatVector.broadcast(S, P4));
                p = p.fma(f, FloatVector.broadcast(S, P3));
                p = p.fma(f, FloatVector.broadcast(S, P2));
                p = p.fma(f, FloatVector.broadcast(S, P1));
                p = p.fma(f, FloatVector.broadcast(S, 1));
                FloatVector weight = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)
                        .add(p.reinterpretAsInts()).reinterpretAsFloats();
                weight.intoArray(scratch, at);
                block = block.add(weight);
            }
            total.add(block).intoArray(scratch, sum + i);
        }
    }

    private void store(float[] arena, float[] scratch, int o, int sum, int b, int head, int firstQuery) {
        for (int i = 0; i < WIDTH; i += L) {
            FloatVector inverse = FloatVector.broadcast(S, 1).div(FloatVector.fromArray(S, scratch, sum + i));
            for (int c = 0; c < each; c++) {
                int at = o + c * WIDTH + i;
                FloatVector.fromArray(S, scratch, at).mul(inverse).intoArray(scratch, at);
            }
        }
        int to = outAt + (b * queries + firstQuery) * channels + head * each;
        Transpose.copy(scratch, o, WIDTH, each, Math.min(WIDTH, queries - firstQuery), arena, to, channels);
    }
}
