package radedit.exec.tornado;

import radedit.graph.Graph;
import radedit.graph.Op;
import radedit.tensor.Precision;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Rounding to a format of fewer bits in kernels. TornadoVM cannot read a float's bits, so {@link #round} scales a number by
 * powers of two until it is an integer of 24 bits, and rounds that. Every product is exact, so neither fused multiply-adds nor
 * fast maths change the result.
 *
 * @param limits
 *            the format's largest number, then infinity
 */
record Rounding(Precision to, Offset.Tables limits) {
    // Slots.
    private static final int MANTISSA_BITS = 20;
    private static final int MIN_EXPONENT = 21;
    private static final int LIMITS = 22;

    /** Mantissa bits of float32. */
    private static final int BITS = 23;
    /** With so many bits dropped, any number rounds to zero. */
    private static final int ALL = BITS + 2;

    /** The rounding to a format, with its limits on the device. */
    static Rounding to(Precision p, DeviceWeights tables) {
        return new Rounding(p,
                tables.table(p, 2, () -> new float[]{(float) p.largest(), Float.POSITIVE_INFINITY}));
    }

    /** Whether a graph rounds values or softmax weights. */
    static boolean isIn(Graph graph) {
        return graph.nodes().stream().anyMatch(n -> n.op() instanceof Op.Round
                || n.op() instanceof Op.Attention a && a.weights() != Precision.NONE);
    }

    void encode(Slots slots) {
        slots.set(MANTISSA_BITS, to.mantissaBits()).set(MIN_EXPONENT, to.minExponent()).set(LIMITS, limits);
    }

    /**
     * Rounds to nearest, ties to even; numbers beyond the largest become infinite, subnormal numbers, infinities and NaN stay,
     * as {@link Precision#round} defines it. Called in kernels.
     */
    static float round(FloatArray tables, IntArray p, float x) {
        float y = TornadoMath.abs(x);
        float result = x;
        float infinity = tables.get(p.get(LIMITS) + 1);
        if (y > 0f && y < infinity) {
            // |x| = y 2^exponent, with y from 2^23 to 2^24 in the end
            int exponent = 0;
            if (y < 0x1p-40f) { // the smallest numbers need 64 twice
                y *= 0x1p64f;
                exponent -= 64;
            }
            for (int step = 64; step > 0; step >>= 1) {
                float factor = scale(1f, step);
                float inverse = scale(1f, -step);
                if (y < 0x1p24f * inverse) {
                    y *= factor;
                    exponent -= step;
                }
                if (y >= 0x1p23f * factor) {
                    y *= inverse;
                    exponent += step;
                }
            }
            int drop = BITS - p.get(MANTISSA_BITS);
            int below = p.get(MIN_EXPONENT) - BITS - exponent;
            if (below > 0) {
                drop += below;
            }
            if (drop > ALL) {
                drop = ALL;
            }
            // Half a unit, or just less where the last bit kept is even, carries into the bits kept.
            int integer = (int) y;
            integer += (1 << drop - 1) - 1 + ((integer >> drop) & 1);
            result = scale((float) ((integer >> drop) << drop), exponent);
            if (result > tables.get(p.get(LIMITS))) {
                result = infinity;
            }
            if (x < 0f) {
                result = -result;
            }
        }
        return result;
    }

    /** x 2^exponent, for exponents from -191 to 127; exact unless it overflows. */
    private static float scale(float x, int exponent) {
        float y = x;
        float factor = 2f;
        int left = exponent;
        if (exponent < 0) {
            factor = 0.5f;
            left = -exponent;
        }
        for (int bit = 0; bit < 6; bit++) {
            if (((left >> bit) & 1) == 1) {
                y *= factor;
            }
            factor *= factor;
        }
        // the factor is 2^64 or 2^-64
        if (left >= 64) {
            y *= factor;
        }
        if (left >= 128) {
            y *= factor;
        }
        return y;
    }
}
