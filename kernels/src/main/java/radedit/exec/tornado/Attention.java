package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * softmax(q k^T scale + mask) v. A work-group computes a tile of 128 queries and 64 channels of one head. It passes over the
 * keys, 64 at a time, with a running maximum and sum, so scores are never materialised (Milakov and Gimelshein,
 * arXiv:1805.02867; Dao et al., arXiv:2205.14135).
 *
 * <p>
 * A head may have any size: scores are accumulated over slices of 8 channels. A head of more than 64 channels is shared by
 * several work-groups, each of which computes the scores again. For the sizes in use that costs less than storing a result of
 * 128 x 512.
 *
 * <p>
 * A work-group has 128 work-items. A work-item computes the scores of 8 queries and 8 keys, then 8 queries by 8 channels of the
 * result. The softmax weights are in local memory by key, so that both GEMMs read 128 bits at a time. The work-items of a warp
 * share few keys and channels; a warp whose keys or channels are all out of range skips its part.
 *
 * @param query
 *            [batch, queries, channels]
 * @param key
 *            [batch, keys, channels]
 * @param value
 *            [batch, keys, channels]
 * @param mask
 *            [batch, keys]; optional
 * @param scale
 *            factor of the scores
 */
record Attention(Offset.Values query, Offset.Values key, Offset.Values value, Offset.Values mask, Offset.Values out,
        int batch,
        int queries, int keys, int channels, int heads, Offset.Tables scale) implements Launch {
    static final int QUERY_TILE = 128;
    static final int KEY_TILE = 64;
    static final int CHANNEL_TILE = 64;
    /** Work-items of a work-group: one for each query. */
    private static final int ITEMS = QUERY_TILE;
    private static final int SLICE = 8;
    /** Padding of each channel of a slice in local memory, so that a warp's stores hit different banks. */
    private static final int PAD = 4;
    /** Offset of the slice of keys in local memory, after that of queries; a slice of values replaces both. */
    private static final int KEYS_AT = SLICE * (QUERY_TILE + PAD);
    /** Score of a masked key, instead of minus infinity. */
    static final float NEVER = -1e30f;

    // Slots, of RoundedAttention too.
    static final int QUERY = 0;
    static final int KEY = 1;
    static final int VALUE = 2;
    static final int MASK = 3;
    static final int OUT = 4;
    static final int QUERIES = 5;
    static final int KEYS = 6;
    static final int CHANNELS = 7;
    static final int HEADS = 8;
    static final int SCALE = 9;
    static final int PARTS = 10;

    /** Work-groups that share a head. */
    int parts() {
        return Math.ceilDiv(channels / heads, CHANNEL_TILE);
    }

    @Override
    public Kernel kernel() {
        return Kernel.ATTENTION;
    }

    @Override
    public Grid grid() {
        return new Grid(Math.ceilDiv(queries, QUERY_TILE), batch * heads * parts(), ITEMS, 1);
    }

    @Override
    public void encode(Slots to) {
        to.set(QUERY, query).set(KEY, key).set(VALUE, value).set(MASK, mask).set(OUT, out).set(QUERIES, queries)
                .set(KEYS, keys).set(CHANNELS, channels).set(HEADS, heads).set(SCALE, scale).set(PARTS, parts());
    }

    // @formatter:off: a line for each row of results
    /** The kernel. */
    static void attention(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int queries = p.get(QUERIES);
        int keys = p.get(KEYS);
        int channels = p.get(CHANNELS);
        int heads = p.get(HEADS);
        int each = channels / heads;
        float scale = weights.get(p.get(SCALE));
        int item = ctx.localIdx;
        int query0 = ctx.groupIdx * QUERY_TILE;
        int part = ctx.groupIdy % p.get(PARTS);
        int head = ctx.groupIdy / p.get(PARTS) % heads;
        int sample = ctx.groupIdy / p.get(PARTS) / heads;
        int channel0 = part * CHANNEL_TILE;
        int kv = sample * keys * channels + head * each;
        float[] slices = ctx.allocateFloatLocalArray(SLICE * (QUERY_TILE + KEY_TILE + 2 * PAD));
        float[] ps = ctx.allocateFloatLocalArray(KEY_TILE * QUERY_TILE);
        float[] factors = ctx.allocateFloatLocalArray(QUERY_TILE);

        // A work-item's first row (it has two runs of four) and its first column (of eight).
        int rows = ((item >> 5) % 2 * 8 + (item & 1 | item >> 1 & 2 | item >> 2 & 4)) * 4;
        int columns = ((item >> 6) * 4 + (item >> 1 & 1 | item >> 2 & 2)) * 8;
        // Coalesced: adjacent work-items load the eight channels of a query or key, or the channels of a value.
        int lane = item % SLICE;
        int line = item / SLICE;
        int queryAt = p.get(QUERY) + sample * queries * channels + head * each + lane;
        int q0At = queryAt + TornadoMath.min(query0 + line, queries - 1) * channels;
        int q1At = queryAt + TornadoMath.min(query0 + line + 16, queries - 1) * channels;
        int q2At = queryAt + TornadoMath.min(query0 + line + 32, queries - 1) * channels;
        int q3At = queryAt + TornadoMath.min(query0 + line + 48, queries - 1) * channels;
        int q4At = queryAt + TornadoMath.min(query0 + line + 64, queries - 1) * channels;
        int q5At = queryAt + TornadoMath.min(query0 + line + 80, queries - 1) * channels;
        int q6At = queryAt + TornadoMath.min(query0 + line + 96, queries - 1) * channels;
        int q7At = queryAt + TornadoMath.min(query0 + line + 112, queries - 1) * channels;
        int valueChannel = item % CHANNEL_TILE;
        int valueLine = item / CHANNEL_TILE;
        // Channels beyond the last are not stored.
        int valueAt = p.get(VALUE) + kv + channel0 + TornadoMath.min(valueChannel, each - channel0 - 1);
        // Running maximum and sum of the query with the work-item's number.
        float largest = NEVER;
        float sum = 0f;
        float o00 = 0f, o01 = 0f, o02 = 0f, o03 = 0f, o04 = 0f, o05 = 0f, o06 = 0f, o07 = 0f;
        float o10 = 0f, o11 = 0f, o12 = 0f, o13 = 0f, o14 = 0f, o15 = 0f, o16 = 0f, o17 = 0f;
        float o20 = 0f, o21 = 0f, o22 = 0f, o23 = 0f, o24 = 0f, o25 = 0f, o26 = 0f, o27 = 0f;
        float o30 = 0f, o31 = 0f, o32 = 0f, o33 = 0f, o34 = 0f, o35 = 0f, o36 = 0f, o37 = 0f;
        float o40 = 0f, o41 = 0f, o42 = 0f, o43 = 0f, o44 = 0f, o45 = 0f, o46 = 0f, o47 = 0f;
        float o50 = 0f, o51 = 0f, o52 = 0f, o53 = 0f, o54 = 0f, o55 = 0f, o56 = 0f, o57 = 0f;
        float o60 = 0f, o61 = 0f, o62 = 0f, o63 = 0f, o64 = 0f, o65 = 0f, o66 = 0f, o67 = 0f;
        float o70 = 0f, o71 = 0f, o72 = 0f, o73 = 0f, o74 = 0f, o75 = 0f, o76 = 0f, o77 = 0f;

        for (int key0 = 0; key0 < keys; key0 += KEY_TILE) {
            int keyAt = p.get(KEY) + kv + lane;
            int k0At = keyAt + TornadoMath.min(key0 + line, keys - 1) * channels;
            int k1At = keyAt + TornadoMath.min(key0 + line + 16, keys - 1) * channels;
            int k2At = keyAt + TornadoMath.min(key0 + line + 32, keys - 1) * channels;
            int k3At = keyAt + TornadoMath.min(key0 + line + 48, keys - 1) * channels;
            float s00 = 0f, s01 = 0f, s02 = 0f, s03 = 0f, s04 = 0f, s05 = 0f, s06 = 0f, s07 = 0f;
            float s10 = 0f, s11 = 0f, s12 = 0f, s13 = 0f, s14 = 0f, s15 = 0f, s16 = 0f, s17 = 0f;
            float s20 = 0f, s21 = 0f, s22 = 0f, s23 = 0f, s24 = 0f, s25 = 0f, s26 = 0f, s27 = 0f;
            float s30 = 0f, s31 = 0f, s32 = 0f, s33 = 0f, s34 = 0f, s35 = 0f, s36 = 0f, s37 = 0f;
            float s40 = 0f, s41 = 0f, s42 = 0f, s43 = 0f, s44 = 0f, s45 = 0f, s46 = 0f, s47 = 0f;
            float s50 = 0f, s51 = 0f, s52 = 0f, s53 = 0f, s54 = 0f, s55 = 0f, s56 = 0f, s57 = 0f;
            float s60 = 0f, s61 = 0f, s62 = 0f, s63 = 0f, s64 = 0f, s65 = 0f, s66 = 0f, s67 = 0f;
            float s70 = 0f, s71 = 0f, s72 = 0f, s73 = 0f, s74 = 0f, s75 = 0f, s76 = 0f, s77 = 0f;
            for (int c = 0; c < each; c += SLICE) {
                float q0 = 0f, q1 = 0f, q2 = 0f, q3 = 0f, q4 = 0f, q5 = 0f, q6 = 0f, q7 = 0f;
                float k0 = 0f, k1 = 0f, k2 = 0f, k3 = 0f;
                if (c + lane < each) {
                    q0 = values.get(q0At + c);
                    q1 = values.get(q1At + c);
                    q2 = values.get(q2At + c);
                    q3 = values.get(q3At + c);
                    q4 = values.get(q4At + c);
                    q5 = values.get(q5At + c);
                    q6 = values.get(q6At + c);
                    q7 = values.get(q7At + c);
                    k0 = values.get(k0At + c);
                    k1 = values.get(k1At + c);
                    k2 = values.get(k2At + c);
                    k3 = values.get(k3At + c);
                }
                ctx.localBarrier();
                int to = lane * (QUERY_TILE + PAD) + line;
                slices[to] = q0;
                slices[to + 16] = q1;
                slices[to + 32] = q2;
                slices[to + 48] = q3;
                slices[to + 64] = q4;
                slices[to + 80] = q5;
                slices[to + 96] = q6;
                slices[to + 112] = q7;
                to = KEYS_AT + lane * (KEY_TILE + PAD) + line;
                slices[to] = k0;
                slices[to + 16] = k1;
                slices[to + 32] = k2;
                slices[to + 48] = k3;
                ctx.localBarrier();
                if (key0 + columns < keys) {
                    int rq = rows;
                    int rk = KEYS_AT + columns;
                    float a0 = slices[rq], a1 = slices[rq + 1], a2 = slices[rq + 2], a3 = slices[rq + 3];
                    float a4 = slices[rq + 64], a5 = slices[rq + 65], a6 = slices[rq + 66], a7 = slices[rq + 67];
                    float b0 = slices[rk], b1 = slices[rk + 1], b2 = slices[rk + 2], b3 = slices[rk + 3];
                    float b4 = slices[rk + 4], b5 = slices[rk + 5], b6 = slices[rk + 6], b7 = slices[rk + 7];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 132]; a1 = slices[rq + 133]; a2 = slices[rq + 134]; a3 = slices[rq + 135];
                    a4 = slices[rq + 196]; a5 = slices[rq + 197]; a6 = slices[rq + 198]; a7 = slices[rq + 199];
                    b0 = slices[rk + 68]; b1 = slices[rk + 69]; b2 = slices[rk + 70]; b3 = slices[rk + 71];
                    b4 = slices[rk + 72]; b5 = slices[rk + 73]; b6 = slices[rk + 74]; b7 = slices[rk + 75];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 264]; a1 = slices[rq + 265]; a2 = slices[rq + 266]; a3 = slices[rq + 267];
                    a4 = slices[rq + 328]; a5 = slices[rq + 329]; a6 = slices[rq + 330]; a7 = slices[rq + 331];
                    b0 = slices[rk + 136]; b1 = slices[rk + 137]; b2 = slices[rk + 138]; b3 = slices[rk + 139];
                    b4 = slices[rk + 140]; b5 = slices[rk + 141]; b6 = slices[rk + 142]; b7 = slices[rk + 143];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 396]; a1 = slices[rq + 397]; a2 = slices[rq + 398]; a3 = slices[rq + 399];
                    a4 = slices[rq + 460]; a5 = slices[rq + 461]; a6 = slices[rq + 462]; a7 = slices[rq + 463];
                    b0 = slices[rk + 204]; b1 = slices[rk + 205]; b2 = slices[rk + 206]; b3 = slices[rk + 207];
                    b4 = slices[rk + 208]; b5 = slices[rk + 209]; b6 = slices[rk + 210]; b7 = slices[rk + 211];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 528]; a1 = slices[rq + 529]; a2 = slices[rq + 530]; a3 = slices[rq + 531];
                    a4 = slices[rq + 592]; a5 = slices[rq + 593]; a6 = slices[rq + 594]; a7 = slices[rq + 595];
                    b0 = slices[rk + 272]; b1 = slices[rk + 273]; b2 = slices[rk + 274]; b3 = slices[rk + 275];
                    b4 = slices[rk + 276]; b5 = slices[rk + 277]; b6 = slices[rk + 278]; b7 = slices[rk + 279];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 660]; a1 = slices[rq + 661]; a2 = slices[rq + 662]; a3 = slices[rq + 663];
                    a4 = slices[rq + 724]; a5 = slices[rq + 725]; a6 = slices[rq + 726]; a7 = slices[rq + 727];
                    b0 = slices[rk + 340]; b1 = slices[rk + 341]; b2 = slices[rk + 342]; b3 = slices[rk + 343];
                    b4 = slices[rk + 344]; b5 = slices[rk + 345]; b6 = slices[rk + 346]; b7 = slices[rk + 347];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 792]; a1 = slices[rq + 793]; a2 = slices[rq + 794]; a3 = slices[rq + 795];
                    a4 = slices[rq + 856]; a5 = slices[rq + 857]; a6 = slices[rq + 858]; a7 = slices[rq + 859];
                    b0 = slices[rk + 408]; b1 = slices[rk + 409]; b2 = slices[rk + 410]; b3 = slices[rk + 411];
                    b4 = slices[rk + 412]; b5 = slices[rk + 413]; b6 = slices[rk + 414]; b7 = slices[rk + 415];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = slices[rq + 924]; a1 = slices[rq + 925]; a2 = slices[rq + 926]; a3 = slices[rq + 927];
                    a4 = slices[rq + 988]; a5 = slices[rq + 989]; a6 = slices[rq + 990]; a7 = slices[rq + 991];
                    b0 = slices[rk + 476]; b1 = slices[rk + 477]; b2 = slices[rk + 478]; b3 = slices[rk + 479];
                    b4 = slices[rk + 480]; b5 = slices[rk + 481]; b6 = slices[rk + 482]; b7 = slices[rk + 483];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
            }
            for (int j = 0; j < 8; j++) {
                int k = key0 + columns + j;
                float times = scale;
                float add = 0f;
                if (k >= keys) {
                    // it counts in no maximum and no sum
                    times = 0f;
                } else if (p.get(MASK) >= 0) {
                    if (values.get(p.get(MASK) + sample * keys + k) == 0f) {
                        add = NEVER;
                    }
                }
                int to = (columns + j) * QUERY_TILE + rows;
                if (j == 0) {
                    ps[to] = s00 * times + add; ps[to + 1] = s10 * times + add; ps[to + 2] = s20 * times + add; ps[to + 3] = s30 * times + add;
                    ps[to + 64] = s40 * times + add; ps[to + 65] = s50 * times + add; ps[to + 66] = s60 * times + add; ps[to + 67] = s70 * times + add;
                } else if (j == 1) {
                    ps[to] = s01 * times + add; ps[to + 1] = s11 * times + add; ps[to + 2] = s21 * times + add; ps[to + 3] = s31 * times + add;
                    ps[to + 64] = s41 * times + add; ps[to + 65] = s51 * times + add; ps[to + 66] = s61 * times + add; ps[to + 67] = s71 * times + add;
                } else if (j == 2) {
                    ps[to] = s02 * times + add; ps[to + 1] = s12 * times + add; ps[to + 2] = s22 * times + add; ps[to + 3] = s32 * times + add;
                    ps[to + 64] = s42 * times + add; ps[to + 65] = s52 * times + add; ps[to + 66] = s62 * times + add; ps[to + 67] = s72 * times + add;
                } else if (j == 3) {
                    ps[to] = s03 * times + add; ps[to + 1] = s13 * times + add; ps[to + 2] = s23 * times + add; ps[to + 3] = s33 * times + add;
                    ps[to + 64] = s43 * times + add; ps[to + 65] = s53 * times + add; ps[to + 66] = s63 * times + add; ps[to + 67] = s73 * times + add;
                } else if (j == 4) {
                    ps[to] = s04 * times + add; ps[to + 1] = s14 * times + add; ps[to + 2] = s24 * times + add; ps[to + 3] = s34 * times + add;
                    ps[to + 64] = s44 * times + add; ps[to + 65] = s54 * times + add; ps[to + 66] = s64 * times + add; ps[to + 67] = s74 * times + add;
                } else if (j == 5) {
                    ps[to] = s05 * times + add; ps[to + 1] = s15 * times + add; ps[to + 2] = s25 * times + add; ps[to + 3] = s35 * times + add;
                    ps[to + 64] = s45 * times + add; ps[to + 65] = s55 * times + add; ps[to + 66] = s65 * times + add; ps[to + 67] = s75 * times + add;
                } else if (j == 6) {
                    ps[to] = s06 * times + add; ps[to + 1] = s16 * times + add; ps[to + 2] = s26 * times + add; ps[to + 3] = s36 * times + add;
                    ps[to + 64] = s46 * times + add; ps[to + 65] = s56 * times + add; ps[to + 66] = s66 * times + add; ps[to + 67] = s76 * times + add;
                } else {
                    ps[to] = s07 * times + add; ps[to + 1] = s17 * times + add; ps[to + 2] = s27 * times + add; ps[to + 3] = s37 * times + add;
                    ps[to + 64] = s47 * times + add; ps[to + 65] = s57 * times + add; ps[to + 66] = s67 * times + add; ps[to + 67] = s77 * times + add;
                }
            }
            ctx.localBarrier();

            int here = keys - key0;
            if (here > KEY_TILE) {
                here = KEY_TILE;
            }
            float next = largest;
            for (int j = 0; j < here; j++) {
                next = TornadoMath.max(next, ps[j * QUERY_TILE + item]);
            }
            float factor = TornadoMath.exp(largest - next);
            largest = next;
            float some = 0f;
            for (int j = 0; j < here; j++) {
                float e = TornadoMath.exp(ps[j * QUERY_TILE + item] - next);
                ps[j * QUERY_TILE + item] = e;
                some += e;
            }
            sum = sum * factor + some;
            factors[item] = factor;
            // The registers of the scores now hold the result for these keys.
            s00 = 0f; s01 = 0f; s02 = 0f; s03 = 0f; s04 = 0f; s05 = 0f; s06 = 0f; s07 = 0f;
            s10 = 0f; s11 = 0f; s12 = 0f; s13 = 0f; s14 = 0f; s15 = 0f; s16 = 0f; s17 = 0f;
            s20 = 0f; s21 = 0f; s22 = 0f; s23 = 0f; s24 = 0f; s25 = 0f; s26 = 0f; s27 = 0f;
            s30 = 0f; s31 = 0f; s32 = 0f; s33 = 0f; s34 = 0f; s35 = 0f; s36 = 0f; s37 = 0f;
            s40 = 0f; s41 = 0f; s42 = 0f; s43 = 0f; s44 = 0f; s45 = 0f; s46 = 0f; s47 = 0f;
            s50 = 0f; s51 = 0f; s52 = 0f; s53 = 0f; s54 = 0f; s55 = 0f; s56 = 0f; s57 = 0f;
            s60 = 0f; s61 = 0f; s62 = 0f; s63 = 0f; s64 = 0f; s65 = 0f; s66 = 0f; s67 = 0f;
            s70 = 0f; s71 = 0f; s72 = 0f; s73 = 0f; s74 = 0f; s75 = 0f; s76 = 0f; s77 = 0f;
            for (int some0 = 0; some0 < here; some0 += SLICE) {
                int valueKey = key0 + some0 + valueLine;
                float v0 = values.get(valueAt + TornadoMath.min(valueKey, keys - 1) * channels);
                float v1 = values.get(valueAt + TornadoMath.min(valueKey + 2, keys - 1) * channels);
                float v2 = values.get(valueAt + TornadoMath.min(valueKey + 4, keys - 1) * channels);
                float v3 = values.get(valueAt + TornadoMath.min(valueKey + 6, keys - 1) * channels);
                ctx.localBarrier();
                slices[item] = v0;
                slices[item + 2 * CHANNEL_TILE] = v1;
                slices[item + 4 * CHANNEL_TILE] = v2;
                slices[item + 6 * CHANNEL_TILE] = v3;
                ctx.localBarrier();
                if (channel0 + columns < each) {
                    int rp = some0 * QUERY_TILE + rows;
                    int rv = columns;
                    float a0 = ps[rp], a1 = ps[rp + 1], a2 = ps[rp + 2], a3 = ps[rp + 3];
                    float a4 = ps[rp + 64], a5 = ps[rp + 65], a6 = ps[rp + 66], a7 = ps[rp + 67];
                    float b0 = slices[rv], b1 = slices[rv + 1], b2 = slices[rv + 2], b3 = slices[rv + 3];
                    float b4 = slices[rv + 4], b5 = slices[rv + 5], b6 = slices[rv + 6], b7 = slices[rv + 7];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 128]; a1 = ps[rp + 129]; a2 = ps[rp + 130]; a3 = ps[rp + 131];
                    a4 = ps[rp + 192]; a5 = ps[rp + 193]; a6 = ps[rp + 194]; a7 = ps[rp + 195];
                    b0 = slices[rv + 64]; b1 = slices[rv + 65]; b2 = slices[rv + 66]; b3 = slices[rv + 67];
                    b4 = slices[rv + 68]; b5 = slices[rv + 69]; b6 = slices[rv + 70]; b7 = slices[rv + 71];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 256]; a1 = ps[rp + 257]; a2 = ps[rp + 258]; a3 = ps[rp + 259];
                    a4 = ps[rp + 320]; a5 = ps[rp + 321]; a6 = ps[rp + 322]; a7 = ps[rp + 323];
                    b0 = slices[rv + 128]; b1 = slices[rv + 129]; b2 = slices[rv + 130]; b3 = slices[rv + 131];
                    b4 = slices[rv + 132]; b5 = slices[rv + 133]; b6 = slices[rv + 134]; b7 = slices[rv + 135];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 384]; a1 = ps[rp + 385]; a2 = ps[rp + 386]; a3 = ps[rp + 387];
                    a4 = ps[rp + 448]; a5 = ps[rp + 449]; a6 = ps[rp + 450]; a7 = ps[rp + 451];
                    b0 = slices[rv + 192]; b1 = slices[rv + 193]; b2 = slices[rv + 194]; b3 = slices[rv + 195];
                    b4 = slices[rv + 196]; b5 = slices[rv + 197]; b6 = slices[rv + 198]; b7 = slices[rv + 199];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 512]; a1 = ps[rp + 513]; a2 = ps[rp + 514]; a3 = ps[rp + 515];
                    a4 = ps[rp + 576]; a5 = ps[rp + 577]; a6 = ps[rp + 578]; a7 = ps[rp + 579];
                    b0 = slices[rv + 256]; b1 = slices[rv + 257]; b2 = slices[rv + 258]; b3 = slices[rv + 259];
                    b4 = slices[rv + 260]; b5 = slices[rv + 261]; b6 = slices[rv + 262]; b7 = slices[rv + 263];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 640]; a1 = ps[rp + 641]; a2 = ps[rp + 642]; a3 = ps[rp + 643];
                    a4 = ps[rp + 704]; a5 = ps[rp + 705]; a6 = ps[rp + 706]; a7 = ps[rp + 707];
                    b0 = slices[rv + 320]; b1 = slices[rv + 321]; b2 = slices[rv + 322]; b3 = slices[rv + 323];
                    b4 = slices[rv + 324]; b5 = slices[rv + 325]; b6 = slices[rv + 326]; b7 = slices[rv + 327];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 768]; a1 = ps[rp + 769]; a2 = ps[rp + 770]; a3 = ps[rp + 771];
                    a4 = ps[rp + 832]; a5 = ps[rp + 833]; a6 = ps[rp + 834]; a7 = ps[rp + 835];
                    b0 = slices[rv + 384]; b1 = slices[rv + 385]; b2 = slices[rv + 386]; b3 = slices[rv + 387];
                    b4 = slices[rv + 388]; b5 = slices[rv + 389]; b6 = slices[rv + 390]; b7 = slices[rv + 391];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                    a0 = ps[rp + 896]; a1 = ps[rp + 897]; a2 = ps[rp + 898]; a3 = ps[rp + 899];
                    a4 = ps[rp + 960]; a5 = ps[rp + 961]; a6 = ps[rp + 962]; a7 = ps[rp + 963];
                    b0 = slices[rv + 448]; b1 = slices[rv + 449]; b2 = slices[rv + 450]; b3 = slices[rv + 451];
                    b4 = slices[rv + 452]; b5 = slices[rv + 453]; b6 = slices[rv + 454]; b7 = slices[rv + 455];
                    s00 += a0 * b0; s01 += a0 * b1; s02 += a0 * b2; s03 += a0 * b3; s04 += a0 * b4; s05 += a0 * b5; s06 += a0 * b6; s07 += a0 * b7;
                    s10 += a1 * b0; s11 += a1 * b1; s12 += a1 * b2; s13 += a1 * b3; s14 += a1 * b4; s15 += a1 * b5; s16 += a1 * b6; s17 += a1 * b7;
                    s20 += a2 * b0; s21 += a2 * b1; s22 += a2 * b2; s23 += a2 * b3; s24 += a2 * b4; s25 += a2 * b5; s26 += a2 * b6; s27 += a2 * b7;
                    s30 += a3 * b0; s31 += a3 * b1; s32 += a3 * b2; s33 += a3 * b3; s34 += a3 * b4; s35 += a3 * b5; s36 += a3 * b6; s37 += a3 * b7;
                    s40 += a4 * b0; s41 += a4 * b1; s42 += a4 * b2; s43 += a4 * b3; s44 += a4 * b4; s45 += a4 * b5; s46 += a4 * b6; s47 += a4 * b7;
                    s50 += a5 * b0; s51 += a5 * b1; s52 += a5 * b2; s53 += a5 * b3; s54 += a5 * b4; s55 += a5 * b5; s56 += a5 * b6; s57 += a5 * b7;
                    s60 += a6 * b0; s61 += a6 * b1; s62 += a6 * b2; s63 += a6 * b3; s64 += a6 * b4; s65 += a6 * b5; s66 += a6 * b6; s67 += a6 * b7;
                    s70 += a7 * b0; s71 += a7 * b1; s72 += a7 * b2; s73 += a7 * b3; s74 += a7 * b4; s75 += a7 * b5; s76 += a7 * b6; s77 += a7 * b7;
                }
            }
            float f0 = factors[rows];
            float f1 = factors[rows + 1];
            float f2 = factors[rows + 2];
            float f3 = factors[rows + 3];
            float f4 = factors[rows + 64];
            float f5 = factors[rows + 65];
            float f6 = factors[rows + 66];
            float f7 = factors[rows + 67];
            o00 = o00 * f0 + s00; o01 = o01 * f0 + s01; o02 = o02 * f0 + s02; o03 = o03 * f0 + s03; o04 = o04 * f0 + s04; o05 = o05 * f0 + s05; o06 = o06 * f0 + s06; o07 = o07 * f0 + s07;
            o10 = o10 * f1 + s10; o11 = o11 * f1 + s11; o12 = o12 * f1 + s12; o13 = o13 * f1 + s13; o14 = o14 * f1 + s14; o15 = o15 * f1 + s15; o16 = o16 * f1 + s16; o17 = o17 * f1 + s17;
            o20 = o20 * f2 + s20; o21 = o21 * f2 + s21; o22 = o22 * f2 + s22; o23 = o23 * f2 + s23; o24 = o24 * f2 + s24; o25 = o25 * f2 + s25; o26 = o26 * f2 + s26; o27 = o27 * f2 + s27;
            o30 = o30 * f3 + s30; o31 = o31 * f3 + s31; o32 = o32 * f3 + s32; o33 = o33 * f3 + s33; o34 = o34 * f3 + s34; o35 = o35 * f3 + s35; o36 = o36 * f3 + s36; o37 = o37 * f3 + s37;
            o40 = o40 * f4 + s40; o41 = o41 * f4 + s41; o42 = o42 * f4 + s42; o43 = o43 * f4 + s43; o44 = o44 * f4 + s44; o45 = o45 * f4 + s45; o46 = o46 * f4 + s46; o47 = o47 * f4 + s47;
            o50 = o50 * f5 + s50; o51 = o51 * f5 + s51; o52 = o52 * f5 + s52; o53 = o53 * f5 + s53; o54 = o54 * f5 + s54; o55 = o55 * f5 + s55; o56 = o56 * f5 + s56; o57 = o57 * f5 + s57;
            o60 = o60 * f6 + s60; o61 = o61 * f6 + s61; o62 = o62 * f6 + s62; o63 = o63 * f6 + s63; o64 = o64 * f6 + s64; o65 = o65 * f6 + s65; o66 = o66 * f6 + s66; o67 = o67 * f6 + s67;
            o70 = o70 * f7 + s70; o71 = o71 * f7 + s71; o72 = o72 * f7 + s72; o73 = o73 * f7 + s73; o74 = o74 * f7 + s74; o75 = o75 * f7 + s75; o76 = o76 * f7 + s76; o77 = o77 * f7 + s77;
        }
        ctx.localBarrier();

        factors[item] = sum;
        ctx.localBarrier();
        // Through eight elements of local memory per work-item, so that the code of the stores is generated once.
        for (int r = 0; r < 8; r++) {
            int own = item * 8;
            if (r == 0) {
                ps[own] = o00; ps[own + 1] = o01; ps[own + 2] = o02; ps[own + 3] = o03;
                ps[own + 4] = o04; ps[own + 5] = o05; ps[own + 6] = o06; ps[own + 7] = o07;
            } else if (r == 1) {
                ps[own] = o10; ps[own + 1] = o11; ps[own + 2] = o12; ps[own + 3] = o13;
                ps[own + 4] = o14; ps[own + 5] = o15; ps[own + 6] = o16; ps[own + 7] = o17;
            } else if (r == 2) {
                ps[own] = o20; ps[own + 1] = o21; ps[own + 2] = o22; ps[own + 3] = o23;
                ps[own + 4] = o24; ps[own + 5] = o25; ps[own + 6] = o26; ps[own + 7] = o27;
            } else if (r == 3) {
                ps[own] = o30; ps[own + 1] = o31; ps[own + 2] = o32; ps[own + 3] = o33;
                ps[own + 4] = o34; ps[own + 5] = o35; ps[own + 6] = o36; ps[own + 7] = o37;
            } else if (r == 4) {
                ps[own] = o40; ps[own + 1] = o41; ps[own + 2] = o42; ps[own + 3] = o43;
                ps[own + 4] = o44; ps[own + 5] = o45; ps[own + 6] = o46; ps[own + 7] = o47;
            } else if (r == 5) {
                ps[own] = o50; ps[own + 1] = o51; ps[own + 2] = o52; ps[own + 3] = o53;
                ps[own + 4] = o54; ps[own + 5] = o55; ps[own + 6] = o56; ps[own + 7] = o57;
            } else if (r == 6) {
                ps[own] = o60; ps[own + 1] = o61; ps[own + 2] = o62; ps[own + 3] = o63;
                ps[own + 4] = o64; ps[own + 5] = o65; ps[own + 6] = o66; ps[own + 7] = o67;
            } else {
                ps[own] = o70; ps[own + 1] = o71; ps[own + 2] = o72; ps[own + 3] = o73;
                ps[own + 4] = o74; ps[own + 5] = o75; ps[own + 6] = o76; ps[own + 7] = o77;
            }
            int outRow = query0 + rows + r;
            if (r > 3) {
                outRow = query0 + rows + r + 60;
            }
            int channel = channel0 + columns;
            int to = p.get(OUT) + (sample * queries + outRow) * channels + head * each + channel;
            for (int j = 0; j < 8; j++) {
                if (outRow < queries && channel + j < each) {
                    values.set(to + j, ps[own + j] / factors[outRow - query0]);
                }
            }
        }
    }
}
