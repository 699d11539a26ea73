package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import radedit.graph.Activation;

/**
 * Elementwise functions over ranges of an array, with the same results on every machine (Math.exp may differ
 * between machines). Polynomials are minimax fits in Horner form; the stated errors were measured on a dense grid in
 * float32.
 *
 * <p>
 * Each function is one method body, because vectors that cross a call may be boxed (see {@link MicroKernel}). Ranges
 * are processed in whole vectors: up to one vector less one element after the range is read and written too.
 */
final class Activations {
    /** Added to a float of magnitude below 2^22, it leaves the nearest integer in the low bits. */
    static final float ROUND = 0x1.8p23f;
    static final float LOG2_E = 1.4426950408889634f;
    /** 2^f = 1 + f (P1 + f (P2 + ...)) for f in -0.5..0.5, relative error 2e-9. */
    static final float P1 = 0.6931472f;
    static final float P2 = 0.24022648f;
    static final float P3 = 0.055503324f;
    static final float P4 = 0.009618437f;
    static final float P5 = 0.0013398875f;
    static final float P6 = 0.00015353362f;
    /** ln 2 in two parts (Cody and Waite); the first has so many trailing zeros that its multiples to 2^7 are exact. */
    private static final float LN2_HIGH = 0x1.62e4p-1f;
    private static final float LN2_LOW = (float) (0.693147180559945309417 - 0x1.62e4p-1);
    private static final float SQRT_HALF = 0.70710678118654752f;

    private Activations() {
    }

    /** Applies a function in place. */
    static void apply(Activation f, float[] a, int at, int n) {
        switch (f) {
            case NONE -> {}
            case SILU -> silu(a, at, n);
            case GELU -> gelu(a, at, n);
            case RELU -> relu(a, at, n);
        }
    }

    private static void relu(float[] a, int at, int n) {
        for (int i = at; i < at + n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, i);
            x.blend(0, x.lt(0)).intoArray(a, i);
        }
    }

    /** x / (1 + e^-x); relative error of the exponential below 1.8e-7. */
    static void silu(float[] a, int at, int n) {
        FloatVector round = FloatVector.broadcast(S, ROUND);
        for (int i = at; i < at + n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, i);
            FloatVector t = x.neg();
            t = t.blend(-86, t.lt(-86));
            t = t.blend(88, t.compare(VectorOperators.GT, 88));
            FloatVector shifted = t.fma(FloatVector.broadcast(S, LOG2_E), round);
            FloatVector whole = shifted.sub(round);
            FloatVector f = whole.fma(FloatVector.broadcast(S, -LN2_HIGH), t);
            f = whole.fma(FloatVector.broadcast(S, -LN2_LOW), f).mul(LOG2_E);
            FloatVector p = f.fma(FloatVector.broadcast(S, P6), FloatVector.broadcast(S, P5));
            p = p.fma(f, FloatVector.broadcast(S, P4));
            p = p.fma(f, FloatVector.broadcast(S, P3));
            p = p.fma(f, FloatVector.broadcast(S, P2));
            p = p.fma(f, FloatVector.broadcast(S, P1));
            p = p.fma(f, FloatVector.broadcast(S, 1));
            FloatVector exp = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts())
                    .reinterpretAsFloats();
            x.div(exp.add(1)).intoArray(a, i);
        }
    }

    /**
     * x/2 (1 + erf(x / sqrt 2)), the error function with an absolute error below 1.2e-7: t + t P(t^2) for t below 0.93,
     * 1 - 2^(t Q(t)) beyond.
     */
    static void gelu(float[] a, int at, int n) {
        FloatVector round = FloatVector.broadcast(S, ROUND);
        for (int i = at; i < at + n; i += L) {
            FloatVector x = FloatVector.fromArray(S, a, i);
            FloatVector t = x.mul(SQRT_HALF).abs();
            t = t.blend(4, t.compare(VectorOperators.GT, 4));

            FloatVector s = t.mul(t);
            FloatVector near = s.fma(FloatVector.broadcast(S, 8.316775e-05f),
                    FloatVector.broadcast(S, -0.00081300124f));
            near = near.fma(s, FloatVector.broadcast(S, 0.005199907f));
            near = near.fma(s, FloatVector.broadcast(S, -0.02685894f));
            near = near.fma(s, FloatVector.broadcast(S, 0.112836875f));
            near = near.fma(s, FloatVector.broadcast(S, -0.37612632f));
            near = near.fma(s, FloatVector.broadcast(S, 0.12837917f));
            near = near.fma(t, t);

            FloatVector q = t.fma(FloatVector.broadcast(S, -1.6203305e-05f), FloatVector.broadcast(S, 0.00046570713f));
            q = q.fma(t, FloatVector.broadcast(S, -0.005254956f));
            q = q.fma(t, FloatVector.broadcast(S, 0.034281407f));
            q = q.fma(t, FloatVector.broadcast(S, -0.15326741f));
            q = q.fma(t, FloatVector.broadcast(S, -0.9163297f));
            q = q.fma(t, FloatVector.broadcast(S, -1.6282955f)).mul(t);
            FloatVector shifted = q.add(round);
            FloatVector f = q.sub(shifted.sub(round));
            FloatVector p = f.fma(FloatVector.broadcast(S, P6), FloatVector.broadcast(S, P5));
            p = p.fma(f, FloatVector.broadcast(S, P4));
            p = p.fma(f, FloatVector.broadcast(S, P3));
            p = p.fma(f, FloatVector.broadcast(S, P2));
            p = p.fma(f, FloatVector.broadcast(S, P1));
            p = p.fma(f, FloatVector.broadcast(S, 1));
            FloatVector far = FloatVector.broadcast(S, 1).sub(shifted.reinterpretAsInts()
                    .lanewise(VectorOperators.LSHL, 23).add(p.reinterpretAsInts()).reinterpretAsFloats());

            FloatVector erf = far.blend(near, t.lt(0.93f));
            erf = erf.blend(erf.neg(), x.lt(0));
            FloatVector half = x.mul(0.5f);
            half.fma(erf, half).intoArray(a, i);
        }
    }
}
