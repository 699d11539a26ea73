package radedit.exec.tornado;

import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Mean over the pixels, per sample and channel. One work-item per sample and channel.
 *
 * @param from
 *            shape of the input, [batch, ..., channels]
 * @param out
 *            [batch, channels]
 */
record MeanPool(Offset.Values x, Shape from, Offset.Values out) implements Launch {
    // Slots.
    private static final int LENGTH = 0;
    private static final int OUT = 1;
    private static final int X = 2;
    private static final int CHANNELS = 5;
    /** Elements per sample. */
    private static final int PER_SAMPLE = 6;

    @Override
    public Kernel kernel() {
        return Kernel.MEAN_POOL;
    }

    @Override
    public Grid grid() {
        return Grid.over(length(), 64);
    }

    private int length() {
        return from.dim(0) * from.dim(-1);
    }

    @Override
    public void encode(Slots to) {
        to.set(LENGTH, length()).set(OUT, out).set(X, x).set(CHANNELS, from.dim(-1))
                .set(PER_SAMPLE, Math.toIntExact(from.elements() / Math.max(1, from.dim(0))));
    }

    /** The kernel. */
    @SuppressWarnings("NarrowCalculation") // an exact division
    static void meanPool(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int sample = i / channels;
            int at = p.get(X) + sample * p.get(PER_SAMPLE) + i - sample * channels;
            float sum = 0f;
            for (int j = 0; j < p.get(PER_SAMPLE); j += channels) {
                sum += values.get(at + j);
            }
            values.set(p.get(OUT) + i, sum / (p.get(PER_SAMPLE) / channels));
        }
    }
}
