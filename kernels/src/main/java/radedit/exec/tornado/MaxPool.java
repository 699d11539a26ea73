package radedit.exec.tornado;

import radedit.graph.Op;
import radedit.tensor.Shape;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Maximum over a window. One work-item per element of the result.
 *
 * @param from
 *            shape of the input, NHWC
 * @param to
 *            shape of the result, NHWC
 */
record MaxPool(Op.MaxPool op, Offset.Values x, Shape from, Offset.Values out, Shape to) implements Launch {
    // Slots.
    private static final int LENGTH = 0;
    private static final int OUT = 1;
    private static final int X = 2;
    private static final int CHANNELS = 5;
    private static final int HEIGHT = 13;
    private static final int WIDTH = 14;
    private static final int OUT_HEIGHT = 15;
    private static final int OUT_WIDTH = 16;
    private static final int KERNEL = 17;
    private static final int STRIDE = 18;
    private static final int PADDING = 19;

    /** Stands for minus infinity: far below any value of a float32 network. */
    private static final float LEAST = -3e38f;

    @Override
    public Kernel kernel() {
        return Kernel.MAX_POOL;
    }

    @Override
    public Grid grid() {
        return Grid.over(length());
    }

    private int length() {
        return Math.toIntExact(to.elements());
    }

    @Override
    public void encode(Slots s) {
        s.set(LENGTH, length()).set(OUT, out).set(X, x).set(CHANNELS, to.dim(3)).set(HEIGHT, from.dim(1))
                .set(WIDTH, from.dim(2)).set(OUT_HEIGHT, to.dim(1)).set(OUT_WIDTH, to.dim(2)).set(KERNEL, op.kernel())
                .set(STRIDE, op.stride()).set(PADDING, op.padding());
    }

    /** The kernel. */
    static void maxPool(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int row = i / channels;
            int line = row / p.get(OUT_WIDTH);
            int sample = line / p.get(OUT_HEIGHT);
            int top = (line - sample * p.get(OUT_HEIGHT)) * p.get(STRIDE) - p.get(PADDING);
            int left = (row - line * p.get(OUT_WIDTH)) * p.get(STRIDE) - p.get(PADDING);
            float v = LEAST;
            for (int ky = 0; ky < p.get(KERNEL); ky++) {
                for (int kx = 0; kx < p.get(KERNEL); kx++) {
                    int y = top + ky;
                    int x = left + kx;
                    if (y >= 0 && x >= 0 && y < p.get(HEIGHT) && x < p.get(WIDTH)) {
                        int pixel = (sample * p.get(HEIGHT) + y) * p.get(WIDTH) + x;
                        v = TornadoMath.max(v, values.get(p.get(X) + pixel * channels + i - row * channels));
                    }
                }
            }
            values.set(p.get(OUT) + i, v);
        }
    }
}
