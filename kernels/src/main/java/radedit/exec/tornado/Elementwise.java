package radedit.exec.tornado;

import radedit.graph.Activation;
import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Elementwise operations that are not fused into another kernel. One work-item per element of the result.
 *
 * @param shape
 *            shape of the result, [batch, ..., channels]
 */
record Elementwise(Function function, Offset.Values x, Offset.Values out, Shape shape) implements Launch {
    // Slots.
    private static final int LENGTH = 0;
    private static final int OUT = 1;
    private static final int X = 2;
    private static final int Y = 3;
    private static final int Z = 4;
    private static final int CHANNELS = 5;
    /** Elements of a sample. */
    private static final int PER_SAMPLE = 6;
    private static final int MODE = 7;
    private static final int ACTIVATION = 8;

    // Modes.
    private static final int ACTIVATE = 0;
    private static final int ADD = 1;
    private static final int ADD_VECTOR = 2;
    private static final int ADD_SAMPLE = 3;
    private static final int SCALE_SHIFT = 4;
    private static final int AFFINE = 5;
    private static final int GEGLU = 6;

    /** Function of x. */
    sealed interface Function {
        record Activate(Activation activation) implements Function {}

        /** x + y, with y of the same shape. */
        record Add(Offset.Values y) implements Function {}

        /** x + y, with y [batch, channels] broadcast over the pixels of a sample. */
        record AddVector(Offset.Values y) implements Function {}

        /** x + y, with y [1, ..., channels] broadcast over the batch. */
        record AddSample(Offset.Values y) implements Function {}

        /** x (1 + scale) + shift, with both [batch, channels]. */
        record ScaleShift(Offset.Values scale, Offset.Values shift) implements Function {}

        /** x scale + shift, with both [channels]: a batch norm. */
        record Affine(Offset.Tables scale, Offset.Tables shift) implements Function {}

        /** a gelu(b), with x [..., 2 channels] the concatenation of a and b. */
        record Geglu() implements Function {}
    }

    @Override
    public Kernel kernel() {
        return Kernel.ELEMENTWISE;
    }

    @Override
    public Grid grid() {
        return Grid.over(length());
    }

    private int length() {
        return Math.toIntExact(shape.elements());
    }

    @Override
    public void encode(Slots to) {
        to.set(LENGTH, length()).set(OUT, out).set(X, x).set(CHANNELS, shape.dim(-1))
                .set(PER_SAMPLE, length() / Math.max(1, shape.dim(0)));
        switch (function) {
            case Function.Activate f -> to.set(MODE, ACTIVATE).set(ACTIVATION, Activations.code(f.activation));
            case Function.Add f -> to.set(MODE, ADD).set(Y, f.y);
            case Function.AddVector f -> to.set(MODE, ADD_VECTOR).set(Y, f.y);
            case Function.AddSample f -> to.set(MODE, ADD_SAMPLE).set(Y, f.y);
            case Function.ScaleShift f -> to.set(MODE, SCALE_SHIFT).set(Y, f.scale).set(Z, f.shift);
            case Function.Affine f -> to.set(MODE, AFFINE).set(Y, f.scale).set(Z, f.shift);
            case Function.Geglu f -> to.set(MODE, GEGLU);
        }
    }

    /** The kernel. */
    static void combine(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int mode = p.get(MODE);
            int row = i / channels;
            int channel = i - row * channels;
            int sample = i / p.get(PER_SAMPLE);
            if (mode == GEGLU) {
                int at = p.get(X) + row * 2 * channels + channel;
                values.set(p.get(OUT) + i, values.get(at) * Activations.gelu(values.get(at + channels)));
            } else {
                float v = values.get(p.get(X) + i);
                if (mode == ADD) {
                    v += values.get(p.get(Y) + i);
                } else if (mode == ADD_VECTOR) {
                    v += values.get(p.get(Y) + sample * channels + channel);
                } else if (mode == ADD_SAMPLE) {
                    v += values.get(p.get(Y) + i - sample * p.get(PER_SAMPLE));
                } else if (mode == SCALE_SHIFT) {
                    int at = sample * channels + channel;
                    v = v * (1f + values.get(p.get(Y) + at)) + values.get(p.get(Z) + at);
                } else if (mode == AFFINE) {
                    v = v * weights.get(p.get(Y) + channel) + weights.get(p.get(Z) + channel);
                }
                values.set(p.get(OUT) + i, Activations.apply(p.get(ACTIVATION), v));
            }
        }
    }
}
