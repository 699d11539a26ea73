package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention whose softmax weights are rounded before they are multiplied with the values. What a weight is rounded to depends
 * on the maximum that it is relative to, which is that of all keys; so there is no running maximum as in {@link Attention}: all
 * scores are computed twice, first for the largest. A kernel for studies of accuracy, simple rather than fast.
 *
 * <p>
 * A work-group computes 64 channels of one query and head. A work-item computes the weight of one key in 64, then one channel.
 */
record RoundedAttention(Attention attention, Rounding rounding) implements Launch {
    /** Work-items of a work-group: one for each channel, and for each of the keys whose weights are in local memory. */
    private static final int ITEMS = Attention.CHANNEL_TILE;

    @Override
    public Kernel kernel() {
        return Kernel.ROUNDED_ATTENTION;
    }

    @Override
    public Grid grid() {
        return new Grid(attention.queries(), attention.batch() * attention.heads() * attention.parts(), ITEMS, 1);
    }

    @Override
    public void encode(Slots to) {
        attention.encode(to);
        rounding.encode(to);
    }

    /**
     * The score of a key, masked.
     *
     * @param queryAt
     *            offset of the query's channels
     * @param keyAt
     *            offset of the key's channels
     * @param row
     *            the key's row among those of all samples
     */
    private static float score(FloatArray values, IntArray p, int queryAt, int keyAt, int each, float scale, int row) {
        float sum = 0f;
        for (int c = 0; c < each; c++) {
            sum += values.get(queryAt + c) * values.get(keyAt + c);
        }
        float score = sum * scale;
        if (p.get(Attention.MASK) >= 0) {
            if (values.get(p.get(Attention.MASK) + row) == 0f) {
                score = Attention.NEVER;
            }
        }
        return score;
    }

    /** The kernel. */
    static void attend(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int keys = p.get(Attention.KEYS);
        int channels = p.get(Attention.CHANNELS);
        int heads = p.get(Attention.HEADS);
        int parts = p.get(Attention.PARTS);
        int each = channels / heads;
        float scale = tables.get(p.get(Attention.SCALE));
        int item = ctx.localIdx;
        int channel = ctx.groupIdy % parts * ITEMS + item;
        int head = ctx.groupIdy / parts % heads;
        int sample = ctx.groupIdy / parts / heads;
        int row = sample * p.get(Attention.QUERIES) + ctx.groupIdx;
        int queryAt = p.get(Attention.QUERY) + row * channels + head * each;
        int keyAt = p.get(Attention.KEY) + sample * keys * channels + head * each;
        // Channels beyond the last are not stored.
        int valueAt = p.get(Attention.VALUE) + sample * keys * channels + head * each
                + TornadoMath.min(channel, each - 1);
        float[] shared = ctx.allocateFloatLocalArray(ITEMS);

        float largest = Attention.NEVER;
        for (int k = item; k < keys; k += ITEMS) {
            largest = TornadoMath.max(largest,
                    score(values, p, queryAt, keyAt + k * channels, each, scale, sample * keys + k));
        }
        shared[item] = largest;
        for (int width = ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                shared[item] = TornadoMath.max(shared[item], shared[item + width]);
            }
        }
        ctx.localBarrier();
        largest = shared[0];

        // Of the work-item's weights before they are rounded.
        float sum = 0f;
        float result = 0f;
        for (int key0 = 0; key0 < keys; key0 += ITEMS) {
            int k = key0 + item;
            float weight = 0f;
            if (k < keys) {
                weight = TornadoMath.exp(
                        score(values, p, queryAt, keyAt + k * channels, each, scale, sample * keys + k) - largest);
                sum += weight;
                weight = Rounding.round(tables, p, weight);
            }
            ctx.localBarrier();
            shared[item] = weight;
            ctx.localBarrier();
            int here = TornadoMath.min(ITEMS, keys - key0);
            float some = 0f;
            for (int j = 0; j < here; j++) {
                some += shared[j] * values.get(valueAt + (key0 + j) * channels);
            }
            result += some;
        }
        ctx.localBarrier();
        shared[item] = sum;
        for (int width = ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                shared[item] += shared[item + width];
            }
        }
        ctx.localBarrier();
        if (channel < each) {
            values.set(p.get(Attention.OUT) + row * channels + head * each + channel, result / shared[0]);
        }
    }
}
