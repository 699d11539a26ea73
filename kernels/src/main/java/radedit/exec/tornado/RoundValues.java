package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rounds each element. One work-item per element.
 *
 * @param length
 *            number of elements
 */
record RoundValues(Rounding rounding, Offset.Values x, Offset.Values out, int length) implements Launch {
    // Slots, besides those of Rounding.
    private static final int LENGTH = 0;
    private static final int OUT = 1;
    private static final int X = 2;

    @Override
    public Kernel kernel() {
        return Kernel.ROUND;
    }

    @Override
    public Grid grid() {
        return Grid.over(length);
    }

    @Override
    public void encode(Slots to) {
        to.set(LENGTH, length).set(OUT, out).set(X, x);
        rounding.encode(to);
    }

    /** The kernel. */
    static void roundValues(KernelContext ctx, FloatArray values, FloatArray tables, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            values.set(p.get(OUT) + i, Rounding.round(tables, p, values.get(p.get(X) + i)));
        }
    }
}
