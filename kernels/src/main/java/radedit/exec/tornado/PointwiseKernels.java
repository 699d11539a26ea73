package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What little is not fused: functions and sums element by element, rows moved, pixels pooled. One item for each result. */
final class PointwiseKernels {
    static final int LENGTH = 0;
    static final int OUT = 1;
    static final int X = 2;
    static final int Y = 3;
    static final int Z = 4;
    static final int CHANNELS = 5;
    /** Values of a sample. */
    static final int PER_SAMPLE = 6;
    static final int MODE = 7;
    static final int ACTIVATION = 8;

    // Modes of combine.
    static final int ACTIVATE = 0;
    static final int ADD = 1;
    /** Y is a vector for each sample. */
    static final int ADD_VECTOR = 2;
    /** Y is one sample, added to all. */
    static final int ADD_SAMPLE = 3;
    /** Y and Z are vectors for each sample. */
    static final int SCALE_SHIFT = 4;
    /** Y and Z are vectors among the weights. */
    static final int BATCH_NORM = 5;
    static final int GEGLU = 6;

    // Parameters of move.
    static final int FROM_WEIGHTS = 8;
    static final int X_CHANNELS = 9;
    static final int OUT_CHANNELS = 10;
    static final int FIRST = 11;
    static final int STEP = 12;
    static final int HEIGHT = 13;
    static final int WIDTH = 14;
    static final int OUT_HEIGHT = 15;
    static final int OUT_WIDTH = 16;

    // Modes of move: which row of X is row r of the result.
    /** Row FIRST + r STEP. */
    static final int EVENLY = 0;
    /** The row whose number is value Y + r. */
    static final int CHOSEN = 1;
    /** The nearest pixel; Y and Z are the ratios of heights and widths, among the weights. */
    static final int NEAREST = 2;

    // Parameters of pool, beside those of move.
    static final int KERNEL = 17;
    static final int STRIDE = 18;
    static final int PADDING = 19;
    /** The least a maximum can be: far below what a network in float32 holds. */
    private static final float LEAST = -3e38f;

    private PointwiseKernels() {
    }

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
                } else if (mode == BATCH_NORM) {
                    v = v * weights.get(p.get(Y) + channel) + weights.get(p.get(Z) + channel);
                }
                values.set(p.get(OUT) + i, Activations.apply(p.get(ACTIVATION), v));
            }
        }
    }

    /** Rows of CHANNELS values to places OUT_CHANNELS apart; zeros beyond X_CHANNELS. */
    static void move(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int channels = p.get(CHANNELS);
            int mode = p.get(MODE);
            int row = i / channels;
            int channel = i - row * channels;
            int from = p.get(FIRST) + row * p.get(STEP);
            if (mode == CHOSEN) {
                from = (int) values.get(p.get(Y) + row);
            } else if (mode == NEAREST) {
                int line = row / p.get(OUT_WIDTH);
                int sample = line / p.get(OUT_HEIGHT);
                int y = (int) ((line - sample * p.get(OUT_HEIGHT)) * weights.get(p.get(Y)));
                int x = (int) ((row - line * p.get(OUT_WIDTH)) * weights.get(p.get(Z)));
                y = TornadoMath.min(y, p.get(HEIGHT) - 1);
                x = TornadoMath.min(x, p.get(WIDTH) - 1);
                from = (sample * p.get(HEIGHT) + y) * p.get(WIDTH) + x;
            }
            int at = p.get(X) + from * p.get(X_CHANNELS) + channel;
            float v = 0f;
            if (p.get(FROM_WEIGHTS) == 1) {
                v = weights.get(at);
            } else if (channel < p.get(X_CHANNELS)) {
                v = values.get(at);
            }
            values.set(p.get(OUT) + row * p.get(OUT_CHANNELS) + channel, v);
        }
    }

    /** The largest value under a window. */
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

    /** The mean over the pixels of a sample. */
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
