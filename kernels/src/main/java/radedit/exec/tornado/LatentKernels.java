package radedit.exec.tornado;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** What samplers do with latents, which have an array of their own and outlive the runs of networks. One item for each result. */
final class LatentKernels {
    static final int LENGTH = 0;
    static final int MODE = 1;
    static final int OUT = 2;
    /** Terms of a sum. */
    static final int COUNT = 3;
    /** Place of the first term of a sum and its factor, which is FACTOR / 2^SHIFT; then those of the next. */
    static final int X = 4;
    static final int FACTOR = 5;
    static final int SHIFT = 6;
    static final int EACH = 3;
    /** The most terms of a sum that there is room for. */
    static final int MOST = 8;
    /** Place of the mask, and of what is taken where it is 0. */
    static final int MASK = 7;
    static final int OTHER = 8;

    // Modes.
    static final int SUM = 0;
    static final int WHERE = 1;
    /** To -FACTOR / 2^SHIFT and the same above 0. */
    static final int CLAMP = 2;
    /** Latents at X to values at OUT. */
    static final int TO_VALUES = 3;
    /** Values at X to latents at OUT. */
    static final int TO_LATENTS = 4;

    private LatentKernels() {
    }

    /** FACTOR / 2^SHIFT of the term at a parameter, exactly. */
    private static float factor(IntArray p, int term) {
        return (float) p.get(term + FACTOR - X) / (1 << p.get(term + SHIFT - X));
    }

    static void apply(KernelContext ctx, FloatArray values, FloatArray latents, IntArray p) {
        int i = ctx.globalIdx;
        if (i < p.get(LENGTH)) {
            int mode = p.get(MODE);
            if (mode == TO_VALUES) {
                values.set(p.get(OUT) + i, latents.get(p.get(X) + i));
            } else if (mode == TO_LATENTS) {
                latents.set(p.get(OUT) + i, values.get(p.get(X) + i));
            } else {
                float v = latents.get(p.get(X) + i);
                if (mode == SUM) {
                    v *= factor(p, X);
                    for (int k = 1; k < p.get(COUNT); k++) {
                        int term = X + EACH * k;
                        v += factor(p, term) * latents.get(p.get(term) + i);
                    }
                } else if (mode == WHERE) {
                    if (latents.get(p.get(MASK) + i) == 0f) {
                        v = latents.get(p.get(OTHER) + i);
                    }
                } else {
                    float most = factor(p, X);
                    v = TornadoMath.max(TornadoMath.min(v, most), -most);
                }
                latents.set(p.get(OUT) + i, v);
            }
        }
    }
}
