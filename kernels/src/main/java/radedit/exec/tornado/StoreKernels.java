package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Kernels that fill the device's arrays from a staging buffer, or clear them. One work-item per element. */
final class StoreKernels {
    // Names of the kernels' sources.
    static final String CLEAR_FLOATS = "CLEAR_FLOATS";
    static final String CLEAR_HALVES = "CLEAR_HALVES";
    static final String STORE_FLOATS = "STORE_FLOATS";
    static final String STORE_HALVES = "STORE_HALVES";

    private StoreKernels() {
    }

    /** Allocates the device's arrays and zeroes their first {@code length} elements. */
    record Make(int length) implements KernelArguments {
        private static final int LENGTH = 0;

        @Override
        public Grid grid() {
            return Grid.over(length);
        }

        @Override
        public void encode(Slots to) {
            to.set(LENGTH, length);
        }
    }

    /** Copies the first {@code length} elements of the staging buffer. */
    record Store(Offset to, int length) implements KernelArguments {
        private static final int LENGTH = 0;
        private static final int TO = 1;
        private static final int ARRAY = 6;

        // Arrays.
        private static final int VALUES = 0;
        private static final int TABLES = 1;
        private static final int LATENTS = 2;

        @Override
        public Grid grid() {
            return Grid.over(length);
        }

        @Override
        public void encode(Slots s) {
            s.set(LENGTH, length).set(TO, to).set(ARRAY, switch (to) {
                case Offset.Values v -> VALUES;
                case Offset.Tables t -> TABLES;
                case Offset.Latents l -> LATENTS;
            });
        }
    }

    /** Copies the first {@code length} elements of the staging buffer, part of a weight, to the layout of a GEMM. */
    record StoreWeights(DeviceWeights.Place to, int length, WeightLayout layout) implements KernelArguments {
        private static final int LENGTH = 0;
        private static final int TO = 1;
        private static final int FIRST = 2;
        private static final int CHANNELS = 3;
        private static final int TAPS = 4;
        private static final int PADDED_CHANNELS = 5;

        @Override
        public Grid grid() {
            return Grid.over(length);
        }

        @Override
        public void encode(Slots s) {
            s.set(LENGTH, length).set(TO, to.at()).set(FIRST, layout.first()).set(CHANNELS, layout.channels())
                    .set(TAPS, layout.taps()).set(PADDED_CHANNELS, layout.padded());
        }
    }

    /** Zeroes elements of a weight array. */
    record Clear(int from, int length) implements KernelArguments {
        private static final int LENGTH = 0;
        private static final int TO = 1;

        @Override
        public Grid grid() {
            return Grid.over(length);
        }

        @Override
        public void encode(Slots to) {
            to.set(LENGTH, length).set(TO, from);
        }
    }

    /** Destination of element i of the staging buffer: the channels of each tap are contiguous. */
    private static int place(IntArray p, int i) {
        int n = p.get(StoreWeights.FIRST) + i;
        int taps = p.get(StoreWeights.TAPS);
        int plane = n / taps;
        int column = plane / p.get(StoreWeights.CHANNELS);
        int channel = plane - column * p.get(StoreWeights.CHANNELS);
        return p.get(StoreWeights.TO) + (column * taps + n - plane * taps) * p.get(StoreWeights.PADDED_CHANNELS)
                + channel;
    }

    /** The kernel of {@link Store}. */
    static void store(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray latents, FloatArray stage,
            IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(Store.LENGTH)) {
            int to = p.get(Store.TO) + i;
            float v = stage.get(i);
            if (p.get(Store.ARRAY) == Store.VALUES) {
                values.set(to, v);
            } else if (p.get(Store.ARRAY) == Store.TABLES) {
                tables.set(to, v);
            } else {
                latents.set(to, v);
            }
        }
    }

    /** The kernel of {@link StoreWeights} for 32-bit weights. */
    static void floats(KernelContext ctx, FloatArray target, FloatArray stage, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(StoreWeights.LENGTH)) {
            target.set(place(p, i), stage.get(i));
        }
    }

    /** The kernel of {@link StoreWeights} for 16-bit weights. */
    static void halves(KernelContext ctx, ShortArray target, ShortArray stage, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(StoreWeights.LENGTH)) {
            target.set(place(p, i), stage.get(i));
        }
    }

    /** The kernel of {@link Make}. */
    static void make(KernelContext ctx, FloatArray values, FloatArray tables, FloatArray latents, FloatArray floats,
            ShortArray halves, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(Make.LENGTH)) {
            values.set(i, 0f);
            tables.set(i, 0f);
            latents.set(i, 0f);
            floats.set(i, 0f);
            halves.set(i, (short) 0);
        }
    }

    /** The kernel of {@link Clear} for 32-bit weights. */
    static void clearFloats(KernelContext ctx, FloatArray target, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(Clear.LENGTH)) {
            target.set(p.get(Clear.TO) + i, 0f);
        }
    }

    /** The kernel of {@link Clear} for 16-bit weights. */
    static void clearHalves(KernelContext ctx, ShortArray target, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(Clear.LENGTH)) {
            target.set(p.get(Clear.TO) + i, (short) 0);
        }
    }
}
