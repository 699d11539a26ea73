package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Brings values from the host to their places on the device. */
final class StoreKernels {
    /** Values staged now. */
    static final int LENGTH = 0;
    static final int TO = 1;
    /** Number of the first of them in its tensor [columns, channels, taps]. */
    static final int FIRST = 2;
    static final int CHANNELS = 3;
    static final int TAPS = 4;
    /** Channels in the tensor's place, which is [columns, taps, padded channels]. */
    static final int PADDED_CHANNELS = 5;
    /** 1 for a value of a run, 0 for a weight. */
    static final int TO_VALUES = 6;

    private StoreKernels() {
    }

    /** Values as they are; weights with the channels of each tap side by side. */
    static void store(KernelContext ctx, FloatArray values, FloatArray weights, FloatArray stage, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            float v = stage.get(i);
            if (p.get(TO_VALUES) == 1) {
                values.set(p.get(TO) + i, v);
            } else {
                int n = p.get(FIRST) + i;
                int taps = p.get(TAPS);
                int plane = n / taps;
                int column = plane / p.get(CHANNELS);
                int channel = plane - column * p.get(CHANNELS);
                int at = (column * taps + n - plane * taps) * p.get(PADDED_CHANNELS) + channel;
                weights.set(p.get(TO) + at, v);
            }
        }
    }

    /** Zeros among the weights. */
    static void clear(KernelContext ctx, FloatArray values, FloatArray weights, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            weights.set(p.get(TO) + i, 0f);
        }
    }
}
