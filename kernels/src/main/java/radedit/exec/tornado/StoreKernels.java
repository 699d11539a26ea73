package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Brings numbers from the host to their places on the device. */
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
    /** Which array numbers go to. */
    static final int ARRAY = 6;

    // Arrays.
    static final int TO_VALUES = 0;
    static final int TO_TABLES = 1;
    static final int TO_LATENTS = 2;

    private StoreKernels() {
    }

    /** Where a number of the stage goes: the channels of each tap side by side. */
    private static int place(IntArray p, int i) {
        int n = p.get(FIRST) + i;
        int taps = p.get(TAPS);
        int plane = n / taps;
        int column = plane / p.get(CHANNELS);
        int channel = plane - column * p.get(CHANNELS);
        return p.get(TO) + (column * taps + n - plane * taps) * p.get(PADDED_CHANNELS) + channel;
    }

    /** One after the other. */
    static void store(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray latents, FloatArray stage,
            IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int to = p.get(TO) + i;
            float v = stage.get(i);
            if (p.get(ARRAY) == TO_VALUES) {
                values.set(to, v);
            } else if (p.get(ARRAY) == TO_TABLES) {
                tables.set(to, v);
            } else {
                latents.set(to, v);
            }
        }
    }

    static void floats(KernelContext ctx, FloatArray target, FloatArray stage, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            target.set(place(p, i), stage.get(i));
        }
    }

    static void halves(KernelContext ctx, ShortArray target, ShortArray stage, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            target.set(place(p, i), stage.get(i));
        }
    }

    /** Zeros at the beginning of new arrays. */
    static void make(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray latents, FloatArray floats,
            ShortArray halves, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            values.set(i, 0f);
            tables.set(i, 0f);
            latents.set(i, 0f);
            floats.set(i, 0f);
            halves.set(i, (short) 0);
        }
    }

    static void clearFloats(KernelContext ctx, FloatArray target, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            target.set(p.get(TO) + i, 0f);
        }
    }

    static void clearHalves(KernelContext ctx, ShortArray target, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            target.set(p.get(TO) + i, (short) 0);
        }
    }
}
