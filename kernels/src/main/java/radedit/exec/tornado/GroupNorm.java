package radedit.exec.tornado;

import java.util.List;
import java.util.stream.Stream;

import radedit.graph.Activation;
import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * One of the three passes of a group norm with an activation:
 * <ol>
 * <li>{@link Kernel#GROUP_NORM_BLOCKS} computes the mean, then the sum of squared deviations, of each block of pixels and group
 * of channels. One work-group per block and group.
 * <li>{@link Kernel#GROUP_NORM_JOIN} combines the blocks (Chan et al., "Updating formulae and a pairwise algorithm for
 * computing sample variances", 1979) to the mean and 1 / sqrt(variance + eps). One work-item per group of channels.
 * <li>{@link Kernel#GROUP_NORM_APPLY} normalises, scales, shifts and activates. One work-item per element.
 * </ol>
 * Blocks occupy the whole device and keep sums short.
 *
 * @param statistics
 *            scratch of {@link Input#statistics} elements: mean and sum of squares of each block, then mean and factor of each
 *            group
 * @param out
 *            [batch, pixels, channels]
 */
record GroupNorm(Kernel kernel, Input input, Offset.Values statistics, Parameters parameters, Activation activation,
        Offset.Values out) implements Launch {
    /** Work-items per work-group of the first pass. */
    private static final int ITEMS = 256;
    /** Approximate number of elements per block. */
    private static final int BLOCK = 4096;

    // Slots.
    private static final int X = 0;
    private static final int CHANNELS = 1;
    /** Channels per group. */
    private static final int EACH = 2;
    /** Pixels per sample. */
    private static final int PIXELS = 3;
    /** Blocks per sample. */
    private static final int BLOCKS = 4;
    /** Pixels per block. */
    private static final int SPAN = 5;
    private static final int STATISTICS = 6;
    /** Number of groups in all samples. */
    private static final int GROUPS = 7;
    private static final int EPS = 8;
    private static final int OUT = 9;
    private static final int LENGTH = 10;
    private static final int SCALE = 11;
    private static final int SHIFT = 12;
    private static final int ACTIVATION = 13;
    private static final int CHANNELS_1 = 16;
    private static final int X_2 = 17;

    /**
     * The input [batch, ..., channels].
     *
     * @param x
     *            the first {@code channels1} channels
     * @param x2
     *            the other channels, if the input is a concatenation that is not materialised; otherwise not read
     * @param groups
     *            of channels
     */
    record Input(Offset.Values x, int channels1, Offset.Values x2, Shape shape, int groups) {
        private int channels() {
            return shape.dim(-1);
        }

        private int each() {
            return channels() / groups;
        }

        private int pixels() {
            return length() / channels() / shape.dim(0);
        }

        private int allGroups() {
            return groups * shape.dim(0);
        }

        private int span() {
            return Math.min(pixels(), Math.max(1, BLOCK / each()));
        }

        private int blocks() {
            return Math.ceilDiv(pixels(), span());
        }

        private int length() {
            return Math.toIntExact(shape.elements());
        }

        /** Length of the statistics, in elements. */
        long statistics() {
            return 2L * allGroups() * (blocks() + 1);
        }
    }

    /**
     * @param scale
     *            [channels]
     * @param shift
     *            [channels]
     */
    record Parameters(Offset.Tables scale, Offset.Tables shift, Offset.Tables eps) {}

    /** The three passes, in order. */
    static List<Launch> passes(Input input, Offset.Values statistics, Parameters parameters, Activation activation,
            Offset.Values out) {
        return Stream.of(Kernel.GROUP_NORM_BLOCKS, Kernel.GROUP_NORM_JOIN, Kernel.GROUP_NORM_APPLY)
                .<Launch>map(k -> new GroupNorm(k, input, statistics, parameters, activation, out)).toList();
    }

    @Override
    public Grid grid() {
        return switch (kernel) {
            case GROUP_NORM_BLOCKS -> new Grid(input.blocks(), input.allGroups(), ITEMS, 1);
            case GROUP_NORM_JOIN -> Grid.over(input.allGroups(), 64);
            case GROUP_NORM_APPLY -> Grid.over(input.length());
            default -> throw new IllegalStateException(kernel + " is not a pass of a group norm");
        };
    }

    @Override
    public void encode(Slots to) {
        to.set(X, input.x).set(CHANNELS, input.channels()).set(EACH, input.each()).set(PIXELS, input.pixels())
                .set(BLOCKS, input.blocks()).set(SPAN, input.span()).set(STATISTICS, statistics)
                .set(GROUPS, input.allGroups()).set(EPS, parameters.eps).set(OUT, out).set(LENGTH, input.length())
                .set(SCALE, parameters.scale).set(SHIFT, parameters.shift)
                .set(ACTIVATION, Activations.code(activation)).set(CHANNELS_1, input.channels1).set(X_2, input.x2);
    }

    /** One element of the input. */
    private static float value(FloatArray values, IntArray p, int pixel, int channel) {
        int channels1 = p.get(CHANNELS_1);
        int at = p.get(X) + pixel * channels1 + channel;
        if (channel >= channels1) {
            at = p.get(X_2) + pixel * (p.get(CHANNELS) - channels1) + channel - channels1;
        }
        return values.get(at);
    }

    /** The kernel of {@link Kernel#GROUP_NORM_BLOCKS}. */
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

    /** The kernel of {@link Kernel#GROUP_NORM_JOIN}. */
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

    /** The kernel of {@link Kernel#GROUP_NORM_APPLY}. */
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
}
