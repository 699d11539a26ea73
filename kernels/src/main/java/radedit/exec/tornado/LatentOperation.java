package radedit.exec.tornado;

import java.util.List;

import radedit.exec.BackendException;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Arithmetic of samplers on latents, which have an array of their own and outlive runs of networks. One work-item per element.
 *
 * @param length
 *            elements per latent
 */
record LatentOperation(Function function, int length) implements Launch {
    /** Largest number of terms of a sum. */
    static final int MOST_TERMS = 8;

    // Slots.
    private static final int LENGTH = 0;
    private static final int MODE = 1;
    private static final int OUT = 2;
    /** Number of terms. */
    private static final int COUNT = 3;
    /** Offset of the first operand, then its factor's mantissa and shift, if any; the next term follows. */
    private static final int X = 4;
    private static final int MANTISSA = 5;
    private static final int SHIFT = 6;
    private static final int PER_TERM = 3;
    private static final int MASK = 7;
    private static final int OTHER = 8;

    // Modes.
    private static final int SUM = 0;
    private static final int SELECT = 1;
    private static final int CLAMP = 2;
    private static final int TO_VALUES = 3;
    private static final int TO_LATENTS = 4;

    /** The operation, with its operands and result. */
    sealed interface Function {
        /** The sum of 1 to {@link #MOST_TERMS} terms, from first to last. */
        record Sum(List<Term> terms, Offset.Latents out) implements Function {}

        /** x where the mask is not 0, else other. */
        record Select(Offset.Latents x, Offset.Latents mask, Offset.Latents other,
                Offset.Latents out) implements Function {}

        /** Clamps to [-factor, factor] of the term. */
        record Clamp(Term term, Offset.Latents out) implements Function {}

        /** Copies a latent to a network's input. */
        record ToValues(Offset.Latents x, Offset.Values out) implements Function {}

        /** Copies a network's output to a latent. */
        record ToLatents(Offset.Values x, Offset.Latents out) implements Function {}
    }

    /** A latent times mantissa / 2^shift, which holds a float32 exactly unless it is tiny. */
    record Term(Offset.Latents x, int mantissa, int shift) {
        /** Bits of a mantissa. */
        private static final int BITS = 24;
        private static final int MOST_SHIFT = 30;

        /**
         * @throws BackendException
         *             if the factor is 2^30 or more in magnitude, or not a number
         */
        static Term of(Offset.Latents x, double factor) {
            if (!(Math.abs(factor) < 1 << MOST_SHIFT)) {
                throw new BackendException(
                        "a guidance scale, weight or clip range of 2^30 or more is beyond the tornado backend;"
                                + " use the cpu backend");
            }
            int shift = Math.clamp(BITS - 1 - Math.getExponent((float) factor), 0, MOST_SHIFT);
            return new Term(x, (int) Math.rint(Math.scalb(factor, shift)), shift);
        }

        private void encode(Slots to, int k) {
            to.set(X + PER_TERM * k, x).set(MANTISSA + PER_TERM * k, mantissa).set(SHIFT + PER_TERM * k, shift);
        }
    }

    @Override
    public Kernel kernel() {
        return Kernel.LATENTS;
    }

    @Override
    public Grid grid() {
        return Grid.over(length);
    }

    @Override
    public void encode(Slots to) {
        to.set(LENGTH, length);
        switch (function) {
            case Function.Sum f -> {
                to.set(MODE, SUM).set(COUNT, f.terms.size()).set(OUT, f.out);
                for (int k = 0; k < f.terms.size(); k++) {
                    f.terms.get(k).encode(to, k);
                }
            }
            case Function.Select f ->
                    to.set(MODE, SELECT).set(X, f.x).set(MASK, f.mask).set(OTHER, f.other).set(OUT, f.out);
            case Function.Clamp f -> {
                to.set(MODE, CLAMP).set(OUT, f.out);
                f.term.encode(to, 0);
            }
            case Function.ToValues f -> to.set(MODE, TO_VALUES).set(X, f.x).set(OUT, f.out);
            case Function.ToLatents f -> to.set(MODE, TO_LATENTS).set(X, f.x).set(OUT, f.out);
        }
    }

    /** mantissa / 2^shift of the term that starts at a slot, exactly. */
    private static float factor(IntArray p, int term) {
        return (float) p.get(term + MANTISSA - X) / (1 << p.get(term + SHIFT - X));
    }

    /** The kernel. */
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
                        int term = X + PER_TERM * k;
                        v += factor(p, term) * latents.get(p.get(term) + i);
                    }
                } else if (mode == SELECT) {
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
