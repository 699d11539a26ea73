package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import radedit.graph.Activation;

/**
 * Elementary functions on vectors, the same on every machine (the library's own may differ between machines). The
 * polynomials are minimax fits; the errors given were found on a dense grid in float32.
 */
final class VectorMath {
    /** Adding it to a float of magnitude below 2^22 leaves the nearest integer in the low bits. */
    private static final float ROUND = 0x1.8p23f;
    private static final float LOG2_E = 1.4426950408889634f;
    /** ln 2 in two parts, the first with enough zeros at its end that multiples up to 2^7 are exact. */
    private static final float LN2_HIGH = 0x1.62e4p-1f;
    private static final float LN2_LOW = (float) (0.693147180559945309417 - 0x1.62e4p-1);
    private static final float SQRT_HALF = 0.70710678118654752f;

    private VectorMath() {
    }

    /** 2^x for x up to 127; anything below -125 gives 2^-125. Relative error below 1.2e-7. */
    static FloatVector exp2(FloatVector x) {
        FloatVector clamped = atLeast(x, -125);
        FloatVector shifted = clamped.add(ROUND);
        return scale(fraction(clamped.sub(shifted.sub(ROUND))), shifted);
    }

    /** e^x for -86 to 88; arguments beyond are taken as these. Relative error below 1.8e-7. */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = atMost(atLeast(x, -86), 88);
        FloatVector shifted = clamped.fma(broadcast(LOG2_E), broadcast(ROUND));
        FloatVector n = shifted.sub(ROUND);
        FloatVector r = n.fma(broadcast(-LN2_HIGH), clamped);
        r = n.fma(broadcast(-LN2_LOW), r);
        return scale(fraction(r.mul(LOG2_E)), shifted);
    }

    /** 2^f for f in -0.5..0.5. */
    private static FloatVector fraction(FloatVector f) {
        FloatVector p = broadcast(0.00015353362f);
        p = p.fma(f, broadcast(0.0013398875f));
        p = p.fma(f, broadcast(0.009618437f));
        p = p.fma(f, broadcast(0.055503324f));
        p = p.fma(f, broadcast(0.24022648f));
        p = p.fma(f, broadcast(0.6931472f));
        return p.fma(f, broadcast(1));
    }

    /** p times 2^n by way of the exponent bits; n is in the low bits of {@code shifted}. */
    private static FloatVector scale(FloatVector p, FloatVector shifted) {
        return shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts())
                .reinterpretAsFloats();
    }

    /** The error function; absolute error below 1.2e-7. */
    static FloatVector erf(FloatVector x) {
        FloatVector t = atMost(x.abs(), 4);
        FloatVector s = t.mul(t);
        // |x| < 0.93: x + x P(x^2)
        FloatVector p = broadcast(8.316775e-05f);
        p = p.fma(s, broadcast(-0.00081300124f));
        p = p.fma(s, broadcast(0.005199907f));
        p = p.fma(s, broadcast(-0.02685894f));
        p = p.fma(s, broadcast(0.112836875f));
        p = p.fma(s, broadcast(-0.37612632f));
        p = p.fma(s, broadcast(0.12837917f));
        p = p.fma(t, t);
        // beyond: 1 - 2^(t Q(t))
        FloatVector q = broadcast(-1.6203305e-05f);
        q = q.fma(t, broadcast(0.00046570713f));
        q = q.fma(t, broadcast(-0.005254956f));
        q = q.fma(t, broadcast(0.034281407f));
        q = q.fma(t, broadcast(-0.15326741f));
        q = q.fma(t, broadcast(-0.9163297f));
        q = q.fma(t, broadcast(-1.6282955f));
        q = broadcast(1).sub(exp2(q.mul(t)));
        FloatVector positive = q.blend(p, t.lt(0.93f));
        VectorMask<Float> negative = x.lt(0);
        return positive.blend(positive.neg(), negative);
    }

    /** x / (1 + e^-x). */
    static FloatVector silu(FloatVector x) {
        return x.div(exp(x.neg()).add(1));
    }

    /** x/2 (1 + erf(x / sqrt 2)). */
    static FloatVector gelu(FloatVector x) {
        FloatVector half = x.mul(0.5f);
        return half.fma(erf(x.mul(SQRT_HALF)), half);
    }

    static FloatVector apply(Activation f, FloatVector x) {
        return switch (f) {
            case NONE -> x;
            case SILU -> silu(x);
            case GELU -> gelu(x);
            case RELU -> atLeast(x, 0);
        };
    }

    /** The larger of each element and a bound. Two instructions, where max() takes five to treat -0 and NaN as Java. */
    private static FloatVector atLeast(FloatVector x, float bound) {
        return x.blend(bound, x.lt(bound));
    }

    private static FloatVector atMost(FloatVector x, float bound) {
        return x.blend(bound, x.compare(VectorOperators.GT, bound));
    }

    private static FloatVector broadcast(float v) {
        return FloatVector.broadcast(S, v);
    }
}
