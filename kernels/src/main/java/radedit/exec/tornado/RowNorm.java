package radedit.exec.tornado;

import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Normalises the rows of [..., channels]. One work-group per row.
 *
 * @param eps
 *            added to the variance, or lower bound of the Euclidean norm
 */
record RowNorm(Form form, Offset.Values x, Shape shape, Offset.Tables eps, Offset.Values out) implements Launch {
    /** Work-items per row. */
    private static final int ITEMS = 64;

    // Slots.
    private static final int X = 0;
    private static final int CHANNELS = 1;
    private static final int EPS = 8;
    private static final int OUT = 9;
    private static final int SCALE = 11;
    private static final int SHIFT = 12;
    private static final int EUCLIDEAN = 15;

    sealed interface Form {
        /** (x - mean) / sqrt(variance + eps) * scale + shift; scale and shift are [channels]. */
        record Layer(Offset.Tables scale, Offset.Tables shift) implements Form {}

        /** x / max(|x|, eps). */
        record Euclidean() implements Form {}
    }

    @Override
    public Kernel kernel() {
        return Kernel.ROW_NORM;
    }

    @Override
    public Grid grid() {
        return new Grid(Math.toIntExact(shape.rows()), 1, ITEMS, 1);
    }

    @Override
    public void encode(Slots to) {
        to.set(X, x).set(CHANNELS, shape.dim(-1)).set(EPS, eps).set(OUT, out);
        switch (form) {
            case Form.Layer l -> to.set(SCALE, l.scale).set(SHIFT, l.shift);
            case Form.Euclidean e -> to.set(EUCLIDEAN, true);
        }
    }

    /** The kernel. */
    static void rows(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int channels = p.get(CHANNELS);
        int item = ctx.localIdx;
        int base = p.get(X) + ctx.groupIdx * channels;
        int to = p.get(OUT) + ctx.groupIdx * channels;
        float[] partial = ctx.allocateFloatLocalArray(ITEMS);
        float sum = 0f;
        for (int i = item; i < channels; i += ITEMS) {
            sum += values.get(base + i);
        }
        partial[item] = sum;
        for (int width = ITEMS / 2; width > 0; width /= 2) {
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
        for (int i = item; i < channels; i += ITEMS) {
            float d = values.get(base + i) - mean;
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
        float eps = weights.get(p.get(EPS));
        if (p.get(EUCLIDEAN) == 1) {
            float norm = TornadoMath.max(TornadoMath.sqrt(partial[0]), eps);
            for (int i = item; i < channels; i += ITEMS) {
                values.set(to + i, values.get(base + i) / norm);
            }
        } else {
            float factor = 1f / TornadoMath.sqrt(partial[0] / channels + eps);
            for (int i = item; i < channels; i += ITEMS) {
                float v = (values.get(base + i) - mean) * factor;
                values.set(to + i, v * weights.get(p.get(SCALE) + i) + weights.get(p.get(SHIFT) + i));
            }
        }
    }
}
