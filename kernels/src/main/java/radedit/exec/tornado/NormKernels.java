package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Norms of groups of channels and of rows. Means come first, then squares of differences from them. A group norm finds
 * both for blocks of pixels and then joins the blocks (Chan et al., "Updating formulae and a pairwise algorithm for
 * computing sample variances", 1979), which fills a device and keeps sums short.
 */
final class NormKernels {
    /** Items of a group that adds up. */
    static final int ITEMS = 256;
    /** Values of a block, about. */
    static final int BLOCK = 4096;
    /** Items that share a row. */
    static final int ROW_ITEMS = 64;

    static final int X = 0;
    static final int CHANNELS = 1;
    /** Channels of a group. */
    static final int EACH = 2;
    /** Pixels of a sample. */
    static final int PIXELS = 3;
    /** Blocks of a sample, and pixels of a block. */
    static final int BLOCKS = 4;
    static final int SPAN = 5;
    /** Where the statistics go: mean and sum of squares of each block, then mean and factor of each group. */
    static final int STATISTICS = 6;
    /** Groups of all samples. */
    static final int GROUPS = 7;
    static final int EPS = 8;
    static final int OUT = 9;
    static final int LENGTH = 10;
    static final int SCALE = 11;
    static final int SHIFT = 12;
    static final int ACTIVATION = 13;
    static final int ROWS = 14;
    /** 1 to divide each row by its length, 0 for a layer norm. */
    static final int EUCLIDEAN = 15;
    /** Channels that lie at X; those after them lie at X_2, where the norm is of a concatenation that is not made. */
    static final int CHANNELS_1 = 16;
    static final int X_2 = 17;

    private NormKernels() {
    }

    /** A value of what a group norm reads. */
    private static float value(FloatArray values, IntArray p, int pixel, int channel) {
        int channels1 = p.get(CHANNELS_1);
        int at = p.get(X) + pixel * channels1 + channel;
        if (channel >= channels1) {
            at = p.get(X_2) + pixel * (p.get(CHANNELS) - channels1) + channel - channels1;
        }
        return values.get(at);
    }

    /** Mean and sum of squared differences of one block of one group of channels. */
    static void blocks(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int channels = p.get(CHANNELS);
        int each = p.get(EACH);
        int item = ctx.localIdx;
        int block = ctx.groupIdx;
        int group = ctx.groupIdy;
        int groups = channels / each;
        int sample = group / groups;
        int from = block * p.get(SPAN);
        int to = from + p.get(SPAN);
        if (to > p.get(PIXELS)) {
            to = p.get(PIXELS);
        }
        int length = (to - from) * each;
        int firstPixel = sample * p.get(PIXELS) + from;
        int firstChannel = (group - sample * groups) * each;
        float[] partial = ctx.allocateFloatLocalArray(ITEMS);
        float sum = 0f;
        for (int i = item; i < length; i += ITEMS) {
            int pixel = i / each;
            sum += value(values, p, firstPixel + pixel, firstChannel + i - pixel * each);
        }
        partial[item] = sum;
        for (int width = ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                partial[item] += partial[item + width];
            }
        }
        ctx.localBarrier();
        float mean = partial[0] / length;
        ctx.localBarrier();
        float squares = 0f;
        for (int i = item; i < length; i += ITEMS) {
            int pixel = i / each;
            float d = value(values, p, firstPixel + pixel, firstChannel + i - pixel * each) - mean;
            squares += d * d;
        }
        partial[item] = squares;
        for (int width = ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                partial[item] += partial[item + width];
            }
        }
        ctx.localBarrier();
        if (item == 0) {
            int at = p.get(STATISTICS) + (group * p.get(BLOCKS) + block) * 2;
            values.set(at, mean);
            values.set(at + 1, partial[0]);
        }
    }

    /** Joins the blocks of a group of channels to its mean and 1 / sqrt(variance + eps); one item for each. */
    static void join(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int group = ctx.globalIdx;
        if (group < p.get(GROUPS)) {
            int blocks = p.get(BLOCKS);
            int at = p.get(STATISTICS) + group * blocks * 2;
            int total = p.get(PIXELS) * p.get(EACH);
            float mean = 0f;
            for (int b = 0; b < blocks; b++) {
                int n = TornadoMath.min(p.get(SPAN), p.get(PIXELS) - b * p.get(SPAN)) * p.get(EACH);
                mean += values.get(at + 2 * b) * n / total;
            }
            float squares = 0f;
            for (int b = 0; b < blocks; b++) {
                int n = TornadoMath.min(p.get(SPAN), p.get(PIXELS) - b * p.get(SPAN)) * p.get(EACH);
                float d = values.get(at + 2 * b) - mean;
                squares += values.get(at + 2 * b + 1) + d * d * n;
            }
            int to = p.get(STATISTICS) + (p.get(GROUPS) * blocks + group) * 2;
            values.set(to, mean);
            values.set(to + 1, 1f / TornadoMath.sqrt(squares / total + weights.get(p.get(EPS))));
        }
    }

    /** (x - mean) / deviation * scale + shift of a group norm, then an activation; one item for each value. */
    static void apply(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int pixel = i / channels;
            int channel = i - pixel * channels;
            int group = pixel / p.get(PIXELS) * (channels / p.get(EACH)) + channel / p.get(EACH);
            int at = p.get(STATISTICS) + (p.get(GROUPS) * p.get(BLOCKS) + group) * 2;
            float v = (value(values, p, pixel, channel) - values.get(at)) * values.get(at + 1);
            v = v * weights.get(p.get(SCALE) + channel) + weights.get(p.get(SHIFT) + channel);
            values.set(p.get(OUT) + i, Activations.apply(p.get(ACTIVATION), v));
        }
    }

    /** A layer norm of a row, or the row over its Euclidean length; one group for each row. */
    static void rows(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int channels = p.get(CHANNELS);
        int item = ctx.localIdx;
        int base = p.get(X) + ctx.groupIdx * channels;
        int to = p.get(OUT) + ctx.groupIdx * channels;
        float[] partial = ctx.allocateFloatLocalArray(ROW_ITEMS);
        float sum = 0f;
        for (int i = item; i < channels; i += ROW_ITEMS) {
            sum += values.get(base + i);
        }
        partial[item] = sum;
        for (int width = ROW_ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                partial[item] += partial[item + width];
            }
        }
        ctx.localBarrier();
        float mean = partial[0] / channels;
        if (p.get(EUCLIDEAN) == 1) {
            mean = 0f;
        }
        ctx.localBarrier();
        float squares = 0f;
        for (int i = item; i < channels; i += ROW_ITEMS) {
            float d = values.get(base + i) - mean;
            squares += d * d;
        }
        partial[item] = squares;
        for (int width = ROW_ITEMS / 2; width > 0; width /= 2) {
            ctx.localBarrier();
            if (item < width) {
                partial[item] += partial[item + width];
            }
        }
        ctx.localBarrier();
        float eps = weights.get(p.get(EPS));
        if (p.get(EUCLIDEAN) == 1) {
            float norm = TornadoMath.max(TornadoMath.sqrt(partial[0]), eps);
            for (int i = item; i < channels; i += ROW_ITEMS) {
                values.set(to + i, values.get(base + i) / norm);
            }
        } else {
            float factor = 1f / TornadoMath.sqrt(partial[0] / channels + eps);
            for (int i = item; i < channels; i += ROW_ITEMS) {
                float v = (values.get(base + i) - mean) * factor;
                values.set(to + i, v * weights.get(p.get(SCALE) + i) + weights.get(p.get(SHIFT) + i));
            }
        }
    }
}
