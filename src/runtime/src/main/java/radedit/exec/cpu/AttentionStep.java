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

/**
 * Attention with online softmax (Milakov and Gimelshein, arXiv:1805.02867; Dao et al., arXiv:2205.14135): the matrix of
 * scores is never materialised.
 *
 * <p>
 * Everything is transposed so that vectors run along queries. A task takes one head and a panel of queries, packed as
 * Q^T [channels][panel] and scaled by log2(e) / sqrt(channels). For each block of keys it computes S^T = K Q^T, the
 * block's maximum and P = 2^(S - max), both elementwise over the panel, and adds V^T P to O^T after scaling O^T to the
 * new maximum. There are no horizontal sums, and only the last block may be short.
 *
 * <p>
 * The micro-kernel reads V with keys contiguous, so V is transposed once beforehand.
 */
final class AttentionStep implements Step {
    private static final int KEYS = 16 * ROWS;
    /** Far below any score, but finite, so that a query without keys does not give NaN. */
    private static final float MASKED = -1e30f;

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

    /**
     * @param channels
     *            of all heads together
     * @param maskAt
     *            offset of the mask [batch, keys] in the arena, or -1
     */
    AttentionStep(int batch, int heads, int queries, int keys, int channels, double scale, int qAt, int kAt, int vAt,
            int maskAt, int outAt) {
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
    }

    @Override
    public long shared() {
        return (long) batch * channels * keys;
    }

    /** Rows of O^T in whole tiles. */
    private int outRows() {
        return (each + ROWS - 1) / ROWS * ROWS;
    }

    @Override
    public long scratch() {
        return (long) WIDTH * (each + KEYS + 1 + outRows() + 2);
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        float[] vt = memory.shared();
        memory.workers().run(batch * heads, (task, worker) -> transposeV(arena, vt, task / heads, task % heads));
        int blocks = (queries + WIDTH - 1) / WIDTH;
        memory.workers().run(batch * heads * blocks, (task, worker) -> attend(arena, vt, memory.scratch(worker),
                task / blocks / heads, task / blocks % heads, task % blocks * WIDTH));
    }

    private void transposeV(float[] arena, float[] vt, int b, int head) {
        int from = vAt + b * keys * channels + head * each;
        int to = (b * channels + head * each) * keys;
        for (int j0 = 0; j0 < keys; j0 += 16) { // in blocks, to stay in cache
            int j1 = Math.min(keys, j0 + 16);
            for (int c = 0; c < each; c++) {
                for (int j = j0; j < j1; j++) {
                    vt[to + c * keys + j] = arena[from + j * channels + c];
                }
            }
        }
    }

    private void attend(float[] arena, float[] vt, float[] scratch, int b, int head, int firstQuery) {
        int q = 0;
        int s = q + WIDTH * each;
        int o = s + WIDTH * (KEYS + 1);
        int max = o + WIDTH * outRows();
        int sum = max + WIDTH;
        packQueries(arena, scratch, q, b, head, firstQuery);
        Arrays.fill(scratch, o, max, 0);
        Arrays.fill(scratch, max, sum, MASKED);
        Arrays.fill(scratch, sum, sum + WIDTH, 0);
        int[] row = new int[ROWS];
        for (int k0 = 0; k0 < keys; k0 += KEYS) {
            int n = Math.min(KEYS, keys - k0);
            int kRow = kAt + (b * keys + k0) * channels + head * each;
            Arrays.fill(scratch, s, o, 0);
            for (int j = 0; j < n; j += ROWS) {
                for (int r = 0; r < ROWS; r++) {
                    row[r] = kRow + Math.min(j + r, n - 1) * channels;
                }
                MicroKernel.multiply(WIDTH, each, arena, row, scratch, q, scratch, s + j * WIDTH);
            }
            if (maskAt >= 0) {
                mask(arena, scratch, s, maskAt + b * keys + k0, n);
            }
            softmax(scratch, s, n, max, sum);
            if (k0 > 0) {
                rescale(scratch, o, s + n * WIDTH);
            }
            int vRow = (b * channels + head * each) * keys + k0;
            for (int c = 0; c < each; c += ROWS) {
                for (int r = 0; r < ROWS; r++) {
                    row[r] = vRow + Math.min(c + r, each - 1) * keys;
                }
                MicroKernel.multiply(WIDTH, n, vt, row, scratch, s, scratch, o + c * WIDTH);
            }
        }
        store(arena, scratch, o, sum, b, head, firstQuery);
    }

    private void packQueries(float[] arena, float[] scratch, int q, int b, int head, int firstQuery) {
        int n = Math.min(WIDTH, queries - firstQuery);
        int from = qAt + (b * queries + firstQuery) * channels + head * each;
        for (int c = 0; c < each; c++) {
            for (int i = 0; i < n; i++) {
                scratch[q + c * WIDTH + i] = arena[from + i * channels + c] * scale;
            }
            Arrays.fill(scratch, q + c * WIDTH + n, q + (c + 1) * WIDTH, 0);
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
     * Converts {@code n} rows of scores to weights relative to the largest score so far and adds them to the running
     * sum. Row n becomes the factor that rescales earlier weights: the weight of the earlier maximum.
     */
    private static void softmax(float[] scratch, int s, int n, int max, int sum) {
        FloatVector round = FloatVector.broadcast(S, ROUND);
        for (int i = 0; i < WIDTH; i += L) {
            FloatVector m = FloatVector.fromArray(S, scratch, max + i);
            m.intoArray(scratch, s + n * WIDTH + i);
            for (int j = 0; j < n; j++) {
                FloatVector x = FloatVector.fromArray(S, scratch, s + j * WIDTH + i);
                m = m.blend(x, m.lt(x));
            }
            m.intoArray(scratch, max + i);
            for (int j = 0; j <= n; j++) { // 2^x as in Activations
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
                shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts())
                        .reinterpretAsFloats().intoArray(scratch, at);
            }
            FloatVector total = FloatVector.zero(S);
            for (int j = 0; j < n; j++) {
                total = total.add(FloatVector.fromArray(S, scratch, s + j * WIDTH + i));
            }
            FloatVector factor = FloatVector.fromArray(S, scratch, s + n * WIDTH + i);
            FloatVector.fromArray(S, scratch, sum + i).fma(factor, total).intoArray(scratch, sum + i);
        }
    }

    private void rescale(float[] scratch, int o, int factor) {
        for (int i = 0; i < WIDTH; i += L) {
            FloatVector f = FloatVector.fromArray(S, scratch, factor + i);
            for (int c = 0; c < outRows(); c++) {
                int at = o + c * WIDTH + i;
                FloatVector.fromArray(S, scratch, at).mul(f).intoArray(scratch, at);
            }
        }
    }

    private void store(float[] arena, float[] scratch, int o, int sum, int b, int head, int firstQuery) {
        int n = Math.min(WIDTH, queries - firstQuery);
        int to = outAt + (b * queries + firstQuery) * channels + head * each;
        for (int i = 0; i < n; i++) {
            float inverse = 1 / scratch[sum + i];
            for (int c = 0; c < each; c++) {
                arena[to + i * channels + c] = scratch[o + c * WIDTH + i] * inverse;
            }
        }
    }
}
