package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * softmax(q k^T scale + mask) v for one tile of 128 queries, one head and 64 of its channels, going over the keys 64 at a
 * time; the largest score and the sum so far are corrected on the way, so that the scores are never stored (Milakov and
 * Gimelshein, arXiv:1805.02867; Dao et al., arXiv:2205.14135).
 *
 * <p>
 * Heads of any size: the scores are sums over slices of 8 channels. A head of more than 64 channels is shared out among
 * several groups, each of which finds the scores anew; for the sizes in use that costs less than keeping results of 128 x
 * 512 anywhere.
 *
 * <p>
 * A group of 16 x 16 items; an item has 8 queries by 4 keys of the scores, then 8 queries by 4 channels of the result.
 * The weights lie key by key in local memory, so that both products read runs of four and items of a warp never wait for
 * the same bank.
 */
final class AttentionKernel {
    static final int QUERY_TILE = 128;
    static final int KEY_TILE = 64;
    static final int CHANNEL_TILE = 64;
    private static final int SLICE = 8;
    /** Stands for minus infinity. */
    private static final float NEVER = -1e30f;

    static final int QUERY = 0;
    static final int KEY = 1;
    static final int VALUE = 2;
    /** Place of the mask [batch, keys], or -1. */
    static final int MASK = 3;
    static final int OUT = 4;
    static final int QUERIES = 5;
    static final int KEYS = 6;
    static final int CHANNELS = 7;
    static final int HEADS = 8;
    /** Place of the factor for scores among the weights. */
    static final int SCALE = 9;
    /** Groups that share a head. */
    static final int PARTS = 10;

    private AttentionKernel() {
    }

    static void attention(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int queries = p.get(QUERIES);
        int keys = p.get(KEYS);
        int channels = p.get(CHANNELS);
        int heads = p.get(HEADS);
        int each = channels / heads;
        float scale = weights.get(p.get(SCALE));
        int tx = ctx.localIdx;
        int ty = ctx.localIdy;
        int item = ty * 16 + tx;
        int query0 = ctx.groupIdx * QUERY_TILE;
        int part = ctx.groupIdy % p.get(PARTS);
        int head = ctx.groupIdy / p.get(PARTS) % heads;
        int sample = ctx.groupIdy / p.get(PARTS) / heads;
        int channel0 = part * CHANNEL_TILE;
        int q = p.get(QUERY) + sample * queries * channels + head * each;
        int kv = sample * keys * channels + head * each;
        float[] qs = ctx.allocateFloatLocalArray(SLICE * QUERY_TILE);
        float[] ks = ctx.allocateFloatLocalArray(SLICE * KEY_TILE);
        float[] ps = ctx.allocateFloatLocalArray(KEY_TILE * QUERY_TILE);
        float[] found = ctx.allocateFloatLocalArray(256);
        float[] factors = ctx.allocateFloatLocalArray(QUERY_TILE);

        // What an item brings to local memory: 4 channels of a query, 2 of a key, 2 of a value.
        int queryLine = item / 2;
        int queryFirst = item % 2 * 4;
        int keyLine = item / 4;
        int keyFirst = item % 4 * 2;
        int valueLine = item / 32;
        int valueFirst = item % 32 * 2;
        int row = query0 + queryLine;
        if (row >= queries) {
            row = queries - 1;
        }
        int queryAt = q + row * channels;
        // The query whose largest score and sum an item keeps, and its half of the keys.
        int mine = item % QUERY_TILE;
        int half = item / QUERY_TILE * (KEY_TILE / 2);
        float largest = NEVER;
        float sum = 0f;
        float o00 = 0f, o01 = 0f, o02 = 0f, o03 = 0f;
        float o10 = 0f, o11 = 0f, o12 = 0f, o13 = 0f;
        float o20 = 0f, o21 = 0f, o22 = 0f, o23 = 0f;
        float o30 = 0f, o31 = 0f, o32 = 0f, o33 = 0f;
        float o40 = 0f, o41 = 0f, o42 = 0f, o43 = 0f;
        float o50 = 0f, o51 = 0f, o52 = 0f, o53 = 0f;
        float o60 = 0f, o61 = 0f, o62 = 0f, o63 = 0f;
        float o70 = 0f, o71 = 0f, o72 = 0f, o73 = 0f;

        for (int key0 = 0; key0 < keys; key0 += KEY_TILE) {
            int key = key0 + keyLine;
            if (key >= keys) {
                key = keys - 1;
            }
            int keyAt = p.get(KEY) + kv + key * channels;
            float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f;
            float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f;
            float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f;
            float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f;
            float s40 = 0f, s41 = 0f, s42 = 0f, s43 = 0f;
            float s50 = 0f, s51 = 0f, s52 = 0f, s53 = 0f;
            float s60 = 0f, s61 = 0f, s62 = 0f, s63 = 0f;
            float s70 = 0f, s71 = 0f, s72 = 0f, s73 = 0f;
            for (int c = 0; c < each; c += SLICE) {
                ctx.localBarrier();
                for (int i = 0; i < 4; i++) {
                    int channel = c + queryFirst + i;
                    float v = 0f;
                    if (channel < each) {
                        v = values.get(queryAt + channel);
                    }
                    qs[(queryFirst + i) * QUERY_TILE + queryLine] = v;
                }
                for (int i = 0; i < 2; i++) {
                    int channel = c + keyFirst + i;
                    float v = 0f;
                    if (channel < each) {
                        v = values.get(keyAt + channel);
                    }
                    ks[(keyFirst + i) * KEY_TILE + keyLine] = v;
                }
                ctx.localBarrier();
                for (int k = 0; k < SLICE; k++) {
                    int qa = k * QUERY_TILE + ty * 4;
                    int ka = k * KEY_TILE + tx * 4;
                    float a0 = qs[qa + 0];
                    float a1 = qs[qa + 1];
                    float a2 = qs[qa + 2];
                    float a3 = qs[qa + 3];
                    float a4 = qs[qa + 64];
                    float a5 = qs[qa + 65];
                    float a6 = qs[qa + 66];
                    float a7 = qs[qa + 67];
                    float b0 = ks[ka + 0];
                    float b1 = ks[ka + 1];
                    float b2 = ks[ka + 2];
                    float b3 = ks[ka + 3];
                    s00 += a0 * b0;
                    s01 += a0 * b1;
                    s02 += a0 * b2;
                    s03 += a0 * b3;
                    s10 += a1 * b0;
                    s11 += a1 * b1;
                    s12 += a1 * b2;
                    s13 += a1 * b3;
                    s20 += a2 * b0;
                    s21 += a2 * b1;
                    s22 += a2 * b2;
                    s23 += a2 * b3;
                    s30 += a3 * b0;
                    s31 += a3 * b1;
                    s32 += a3 * b2;
                    s33 += a3 * b3;
                    s40 += a4 * b0;
                    s41 += a4 * b1;
                    s42 += a4 * b2;
                    s43 += a4 * b3;
                    s50 += a5 * b0;
                    s51 += a5 * b1;
                    s52 += a5 * b2;
                    s53 += a5 * b3;
                    s60 += a6 * b0;
                    s61 += a6 * b1;
                    s62 += a6 * b2;
                    s63 += a6 * b3;
                    s70 += a7 * b0;
                    s71 += a7 * b1;
                    s72 += a7 * b2;
                    s73 += a7 * b3;
                }
            }
            for (int j = 0; j < 4; j++) {
                int k = key0 + tx * 4 + j;
                float add = 0f;
                if (k >= keys) {
                    add = NEVER;
                } else if (p.get(MASK) >= 0) {
                    if (values.get(p.get(MASK) + sample * keys + k) == 0f) {
                        add = NEVER;
                    }
                }
                int to = (tx * 4 + j) * QUERY_TILE + ty * 4;
                if (j == 0) {
                    ps[to + 0] = s00 * scale + add;
                    ps[to + 1] = s10 * scale + add;
                    ps[to + 2] = s20 * scale + add;
                    ps[to + 3] = s30 * scale + add;
                    ps[to + 64] = s40 * scale + add;
                    ps[to + 65] = s50 * scale + add;
                    ps[to + 66] = s60 * scale + add;
                    ps[to + 67] = s70 * scale + add;
                } else if (j == 1) {
                    ps[to + 0] = s01 * scale + add;
                    ps[to + 1] = s11 * scale + add;
                    ps[to + 2] = s21 * scale + add;
                    ps[to + 3] = s31 * scale + add;
                    ps[to + 64] = s41 * scale + add;
                    ps[to + 65] = s51 * scale + add;
                    ps[to + 66] = s61 * scale + add;
                    ps[to + 67] = s71 * scale + add;
                } else if (j == 2) {
                    ps[to + 0] = s02 * scale + add;
                    ps[to + 1] = s12 * scale + add;
                    ps[to + 2] = s22 * scale + add;
                    ps[to + 3] = s32 * scale + add;
                    ps[to + 64] = s42 * scale + add;
                    ps[to + 65] = s52 * scale + add;
                    ps[to + 66] = s62 * scale + add;
                    ps[to + 67] = s72 * scale + add;
                } else {
                    ps[to + 0] = s03 * scale + add;
                    ps[to + 1] = s13 * scale + add;
                    ps[to + 2] = s23 * scale + add;
                    ps[to + 3] = s33 * scale + add;
                    ps[to + 64] = s43 * scale + add;
                    ps[to + 65] = s53 * scale + add;
                    ps[to + 66] = s63 * scale + add;
                    ps[to + 67] = s73 * scale + add;
                }
            }
            ctx.localBarrier();

            float high = NEVER;
            for (int j = half; j < half + KEY_TILE / 2; j++) {
                high = TornadoMath.max(high, ps[j * QUERY_TILE + mine]);
            }
            found[item] = high;
            ctx.localBarrier();
            float next = TornadoMath.max(largest, TornadoMath.max(found[mine], found[mine + QUERY_TILE]));
            ctx.localBarrier();
            float factor = TornadoMath.exp(largest - next);
            largest = next;
            float some = 0f;
            for (int j = half; j < half + KEY_TILE / 2; j++) {
                float e = TornadoMath.exp(ps[j * QUERY_TILE + mine] - next);
                ps[j * QUERY_TILE + mine] = e;
                some += e;
            }
            found[item] = some;
            if (half == 0) {
                factors[mine] = factor;
            }
            ctx.localBarrier();
            sum = sum * factor + found[mine] + found[mine + QUERY_TILE];
            s00 = 0f;
            s01 = 0f;
            s02 = 0f;
            s03 = 0f;
            s10 = 0f;
            s11 = 0f;
            s12 = 0f;
            s13 = 0f;
            s20 = 0f;
            s21 = 0f;
            s22 = 0f;
            s23 = 0f;
            s30 = 0f;
            s31 = 0f;
            s32 = 0f;
            s33 = 0f;
            s40 = 0f;
            s41 = 0f;
            s42 = 0f;
            s43 = 0f;
            s50 = 0f;
            s51 = 0f;
            s52 = 0f;
            s53 = 0f;
            s60 = 0f;
            s61 = 0f;
            s62 = 0f;
            s63 = 0f;
            s70 = 0f;
            s71 = 0f;
            s72 = 0f;
            s73 = 0f;

            for (int k0 = 0; k0 < KEY_TILE; k0 += SLICE) {
                int valueKey = key0 + k0 + valueLine;
                if (valueKey >= keys) {
                    valueKey = keys - 1;
                }
                int valueAt = p.get(VALUE) + kv + valueKey * channels;
                ctx.localBarrier();
                for (int i = 0; i < 2; i++) {
                    int channel = channel0 + valueFirst + i;
                    float v = 0f;
                    if (channel < each) {
                        v = values.get(valueAt + channel);
                    }
                    ks[valueLine * CHANNEL_TILE + valueFirst + i] = v;
                }
                ctx.localBarrier();
                for (int k = 0; k < SLICE; k++) {
                    int pa = (k0 + k) * QUERY_TILE + ty * 4;
                    int va = k * CHANNEL_TILE + tx * 4;
                    float a0 = ps[pa + 0];
                    float a1 = ps[pa + 1];
                    float a2 = ps[pa + 2];
                    float a3 = ps[pa + 3];
                    float a4 = ps[pa + 64];
                    float a5 = ps[pa + 65];
                    float a6 = ps[pa + 66];
                    float a7 = ps[pa + 67];
                    float b0 = ks[va + 0];
                    float b1 = ks[va + 1];
                    float b2 = ks[va + 2];
                    float b3 = ks[va + 3];
                    s00 += a0 * b0;
                    s01 += a0 * b1;
                    s02 += a0 * b2;
                    s03 += a0 * b3;
                    s10 += a1 * b0;
                    s11 += a1 * b1;
                    s12 += a1 * b2;
                    s13 += a1 * b3;
                    s20 += a2 * b0;
                    s21 += a2 * b1;
                    s22 += a2 * b2;
                    s23 += a2 * b3;
                    s30 += a3 * b0;
                    s31 += a3 * b1;
                    s32 += a3 * b2;
                    s33 += a3 * b3;
                    s40 += a4 * b0;
                    s41 += a4 * b1;
                    s42 += a4 * b2;
                    s43 += a4 * b3;
                    s50 += a5 * b0;
                    s51 += a5 * b1;
                    s52 += a5 * b2;
                    s53 += a5 * b3;
                    s60 += a6 * b0;
                    s61 += a6 * b1;
                    s62 += a6 * b2;
                    s63 += a6 * b3;
                    s70 += a7 * b0;
                    s71 += a7 * b1;
                    s72 += a7 * b2;
                    s73 += a7 * b3;
                }
            }
            float f0 = factors[ty * 4 + 0];
            float f1 = factors[ty * 4 + 1];
            float f2 = factors[ty * 4 + 2];
            float f3 = factors[ty * 4 + 3];
            float f4 = factors[ty * 4 + 64];
            float f5 = factors[ty * 4 + 65];
            float f6 = factors[ty * 4 + 66];
            float f7 = factors[ty * 4 + 67];
            o00 = o00 * f0 + s00;
            o01 = o01 * f0 + s01;
            o02 = o02 * f0 + s02;
            o03 = o03 * f0 + s03;
            o10 = o10 * f1 + s10;
            o11 = o11 * f1 + s11;
            o12 = o12 * f1 + s12;
            o13 = o13 * f1 + s13;
            o20 = o20 * f2 + s20;
            o21 = o21 * f2 + s21;
            o22 = o22 * f2 + s22;
            o23 = o23 * f2 + s23;
            o30 = o30 * f3 + s30;
            o31 = o31 * f3 + s31;
            o32 = o32 * f3 + s32;
            o33 = o33 * f3 + s33;
            o40 = o40 * f4 + s40;
            o41 = o41 * f4 + s41;
            o42 = o42 * f4 + s42;
            o43 = o43 * f4 + s43;
            o50 = o50 * f5 + s50;
            o51 = o51 * f5 + s51;
            o52 = o52 * f5 + s52;
            o53 = o53 * f5 + s53;
            o60 = o60 * f6 + s60;
            o61 = o61 * f6 + s61;
            o62 = o62 * f6 + s62;
            o63 = o63 * f6 + s63;
            o70 = o70 * f7 + s70;
            o71 = o71 * f7 + s71;
            o72 = o72 * f7 + s72;
            o73 = o73 * f7 + s73;
        }
        ctx.localBarrier();

        factors[mine] = sum;
        ctx.localBarrier();
        for (int r = 0; r < 8; r++) {
            int line = ty * 4 + r;
            if (r > 3) {
                line = ty * 4 + r + 60;
            }
            float r0 = o00;
            float r1 = o01;
            float r2 = o02;
            float r3 = o03;
            if (r == 1) {
                r0 = o10;
                r1 = o11;
                r2 = o12;
                r3 = o13;
            } else if (r == 2) {
                r0 = o20;
                r1 = o21;
                r2 = o22;
                r3 = o23;
            } else if (r == 3) {
                r0 = o30;
                r1 = o31;
                r2 = o32;
                r3 = o33;
            } else if (r == 4) {
                r0 = o40;
                r1 = o41;
                r2 = o42;
                r3 = o43;
            } else if (r == 5) {
                r0 = o50;
                r1 = o51;
                r2 = o52;
                r3 = o53;
            } else if (r == 6) {
                r0 = o60;
                r1 = o61;
                r2 = o62;
                r3 = o63;
            } else if (r == 7) {
                r0 = o70;
                r1 = o71;
                r2 = o72;
                r3 = o73;
            }
            int outRow = query0 + line;
            int channel = channel0 + tx * 4;
            if (outRow < queries) {
                int to = p.get(OUT) + (sample * queries + outRow) * channels + head * each + channel;
                if (channel < each) {
                    values.set(to, r0 / factors[line]);
                }
                if (channel + 1 < each) {
                    values.set(to + 1, r1 / factors[line]);
                }
                if (channel + 2 < each) {
                    values.set(to + 2, r2 / factors[line]);
                }
                if (channel + 3 < each) {
                    values.set(to + 3, r3 / factors[line]);
                }
            }
        }
    }
}
