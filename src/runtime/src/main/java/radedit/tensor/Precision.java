package radedit.tensor;

import java.util.Locale;

/**
 * A floating-point format to which the operands of a GEMM are rounded, as a GPU's tensor cores read them. Rounding is to
 * nearest, ties to even; numbers beyond the largest become infinite, subnormal numbers and NaN stay.
 */
public enum Precision {
    /** Operands as they are. */
    NONE(0, 0, 0),
    /** NVIDIA's TF32: 8 exponent and 10 mantissa bits, so the range of float32 with the digits of {@link #FP16}. */
    TF32(10, -126, 127),
    /** IEEE 754 binary16: 5 exponent and 10 mantissa bits; the largest number is 65504, the smallest normal one 2^-14. */
    FP16(10, -14, 15),
    /** Bfloat16: 8 exponent and 7 mantissa bits. */
    BF16(7, -126, 127);

    private static final int FLOAT_MANTISSA = 23;

    private final int mantissa;
    private final int minExponent;
    private final double largest;

    Precision(int mantissa, int minExponent, int maxExponent) {
        this.mantissa = mantissa;
        this.minExponent = minExponent;
        this.largest = Math.scalb(2 - Math.scalb(1.0, -mantissa), maxExponent);
    }

    /** {@return the name of the format as users write it, such as {@code tf32}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the number of mantissa bits, without the leading one; 0 for none} */
    public int mantissaBits() {
        return mantissa;
    }

    /** {@return the exponent of the smallest normal number; 0 for none} */
    public int minExponent() {
        return minExponent;
    }

    /** {@return the largest finite number; 1 for none} */
    public double largest() {
        return largest;
    }

    /** {@return the largest relative error of rounding a number in the range of normal ones: half an ulp of 1; 0 for none} */
    public double unitRoundoff() {
        return this == NONE ? 0 : Math.scalb(1.0, -mantissa - 1);
    }

    /** {@return the largest absolute error of rounding a subnormal number; 0 for none} */
    public double underflow() {
        return this == NONE ? 0 : Math.scalb(1.0, minExponent - mantissa - 1);
    }

    /**
     * {@return a number rounded once to this format}
     *
     * @param x
     *            the number
     */
    public double round(double x) {
        if (this == NONE || x == 0 || !Double.isFinite(x)) {
            return x;
        }
        double unit = Math.scalb(1.0, Math.max(Math.getExponent(x), minExponent) - mantissa);
        double rounded = Math.rint(x / unit) * unit;
        return Math.abs(rounded) > largest ? Math.copySign(Double.POSITIVE_INFINITY, x) : rounded;
    }

    /**
     * Rounds numbers to this format, the same as one by one; source and destination may be the same.
     *
     * @param from
     *            the source
     * @param at
     *            index of the first number there
     * @param n
     *            how many
     * @param to
     *            the destination
     * @param toAt
     *            index of the first number there
     */
    public void round(float[] from, int at, int n, float[] to, int toAt) {
        switch (this) {
            case NONE -> System.arraycopy(from, at, to, toAt, n);
            case TF32, BF16 -> cut(FLOAT_MANTISSA - mantissa, from, at, n, to, toAt);
            case FP16 -> {
                for (int i = 0; i < n; i++) {
                    to[toAt + i] = Float.float16ToFloat(Float.floatToFloat16(from[at + i]));
                }
            }
        }
    }

    /**
     * Rounds away the last bits. Half a unit, or just less where the last bit kept is even, is added to the bit pattern,
     * so that a carry rounds up, into the exponent too; the exponent's range is that of float32.
     */
    private static void cut(int bits, float[] from, int at, int n, float[] to, int toAt) {
        int half = (1 << bits - 1) - 1;
        for (int i = 0; i < n; i++) {
            float x = from[at + i];
            int raw = Float.floatToRawIntBits(x);
            float rounded = Float.intBitsToFloat(raw + half + (raw >>> bits & 1) & -1 << bits);
            to[toAt + i] = Float.isNaN(x) ? x : rounded;
        }
    }
}
