package radedit.exec.tornado;

import radedit.graph.Activation;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Activation functions for kernels, which select one by its code. */
final class Activations {
    private static final float SQRT_HALF = 0.70710678f;
    private static final float LN_2 = 0.6931472f;

    private Activations() {
    }

    static float apply(int activation, float x) {
        float y = x;
        if (activation == SILU) {
            y = silu(x);
        } else if (activation == GELU) {
            y = gelu(x);
        } else if (activation == RELU) {
            y = TornadoMath.max(x, 0f);
        }
        return y;
    }

    private static final int SILU = 1;
    private static final int GELU = 2;
    private static final int RELU = 3;

    /** The code by which kernels select an activation. */
    static int code(Activation a) {
        return switch (a) {
            case NONE -> 0;
            case SILU -> SILU;
            case GELU -> GELU;
            case RELU -> RELU;
        };
    }

    /** x / (1 + exp(-x)). */
    static float silu(float x) {
        return x / (1f + TornadoMath.exp(TornadoMath.min(-x, 88f)));
    }

    /**
     * x/2 (1 + erf(x / sqrt 2)). Not every device has erf, so it is two minimax polynomials with an absolute error below
     * 1.2e-7: t + t P(t^2) for t = |x| / sqrt 2 below 0.93, 1 - 2^(t Q(t)) beyond.
     */
    static float gelu(float x) {
        float t = TornadoMath.min(TornadoMath.abs(x * SQRT_HALF), 4f);
        float s = t * t;
        float near = s * 8.316775e-05f - 0.00081300124f;
        near = near * s + 0.005199907f;
        near = near * s - 0.02685894f;
        near = near * s + 0.112836875f;
        near = near * s - 0.37612632f;
        near = near * s + 0.12837917f;
        near = near * t + t;
        float q = t * -1.6203305e-05f + 0.00046570713f;
        q = q * t - 0.005254956f;
        q = q * t + 0.034281407f;
        q = q * t - 0.15326741f;
        q = q * t - 0.9163297f;
        q = q * t - 1.6282955f;
        float erf = 1f - TornadoMath.exp(q * t * LN_2);
        if (t < 0.93f) {
            erf = near;
        }
        if (x < 0f) {
            erf = -erf;
        }
        float half = 0.5f * x;
        return half * erf + half;
    }
}
