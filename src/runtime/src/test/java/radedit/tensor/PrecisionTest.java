package radedit.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PrecisionTest {
    /** Lower halves of float32 patterns: around the ties of formats with 10 and 7 mantissa bits, and in between. */
    private static final int[] LOW = {0, 1, 0x0FFF, 0x1000, 0x1001, 0x1FFF, 0x2000, 0x2FFF, 0x3000, 0x3001, 0x5A5A,
            0x7FFF, 0x8000, 0x8001, 0xC000, 0xEFFF, 0xF000, 0xF001, 0xFFFF};

    /** All upper halves of float32 patterns with these lower halves: every sign and exponent, NaN and the infinities. */
    private static float[] patterns() {
        float[] all = new float[LOW.length << 16];
        for (int i = 0; i < all.length; i++) {
            all[i] = Float.intBitsToFloat(i / LOW.length << 16 | LOW[i % LOW.length]);
        }
        return all;
    }

    /** The nearer of the two neighbours that have the last bits 0, or the one whose last bit kept is 0. */
    private static float nearest(float x, int bits) {
        if (Float.isNaN(x) || Float.isInfinite(x)) {
            return x;
        }
        int raw = Float.floatToRawIntBits(x);
        int down = raw >>> bits << bits;
        int up = down + (1 << bits);
        double largest = Float.intBitsToFloat(0x7F800000 - (1 << bits));
        // What is half a unit beyond the largest number is as near to infinity as to that number.
        double above = (up & 0x7FFFFFFF) == 0x7F800000
                ? Math.copySign(largest + (largest - Float.intBitsToFloat(0x7F800000 - (2 << bits))), x)
                : Float.intBitsToFloat(up);
        double toDown = Math.abs((double) x - Float.intBitsToFloat(down));
        double toUp = Math.abs(above - x);
        boolean even = (down >>> bits & 1) == 0;
        return Float.intBitsToFloat(toDown < toUp || toDown == toUp && even ? down : up);
    }

    private static void same(float expected, float is, float x) {
        if (Float.isNaN(expected)) {
            assertEquals(true, Float.isNaN(is), () -> Float.toHexString(x));
        } else {
            assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(is), () -> Float.toHexString(x));
        }
    }

    private static float expected(Precision p, float x) {
        return switch (p) {
            case NONE -> x;
            case TF32 -> nearest(x, 13);
            case BF16 -> nearest(x, 16);
            case FP16 -> Float.float16ToFloat(Float.floatToFloat16(x));
        };
    }

    @ParameterizedTest
    @EnumSource
    void everyExponentTieAndSpecialValue(Precision p) {
        float[] all = patterns();
        float[] rounded = new float[all.length + 2];
        p.round(all, 0, all.length, rounded, 2);
        float[] inPlace = all.clone();
        p.round(inPlace, 0, all.length, inPlace, 0);
        for (int i = 0; i < all.length; i++) {
            float e = expected(p, all[i]);
            same(e, rounded[i + 2], all[i]);
            same(e, inPlace[i], all[i]);
            same(e, (float) p.round((double) all[i]), all[i]);
        }
    }

    @Test
    void rangesOfTheFormats() {
        assertEquals(65504, Precision.FP16.largest());
        assertEquals(-14, Precision.FP16.minExponent());
        assertEquals(List.of(0, 10, 10, 7),
                Arrays.stream(Precision.values()).map(Precision::mantissaBits).toList());
        assertEquals(65504, Precision.FP16.round(65519.99));
        assertEquals(Double.POSITIVE_INFINITY, Precision.FP16.round(65520.0));
        assertEquals(Double.NEGATIVE_INFINITY, Precision.FP16.round(-1e300));
        assertEquals(0x1p-24, Precision.FP16.round(0x1.8p-25));
        assertEquals(0.0, Precision.FP16.round(0x1p-25));
        assertEquals(Double.doubleToRawLongBits(-0.0), Double.doubleToRawLongBits(Precision.FP16.round(-0x1p-25)));
        assertEquals(0x1.FFCp127, Precision.TF32.round(0x1.FFDp127));
        assertEquals(Double.POSITIVE_INFINITY, Precision.TF32.round(0x1.FFEp127));
        assertEquals(0x1p-136, Precision.TF32.round(0x1.2p-136));
        assertEquals(0x1.FEp127, Precision.BF16.round(0x1.FEp127));
        assertEquals(Double.POSITIVE_INFINITY, Precision.BF16.round(0x1.FFp127));
        assertEquals(0x1p-133, Precision.BF16.round(0x1p-133));
        assertEquals(0.0, Precision.BF16.round(Double.MIN_VALUE));
    }

    /** By way of float32, a number just above a tie would become the tie, and then the even neighbour. */
    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void doublesAreRoundedOnce(Precision p) {
        double half = p.unitRoundoff();
        assertEquals(1, p.round(1 + half));
        assertEquals(1 + 2 * half, p.round(1 + half + 0x1p-40));
        assertEquals(1 + 4 * half, p.round(1 + 3 * half));
        assertEquals(1 + 2 * half, p.round(1 + 3 * half - 0x1p-40));
        assertEquals(0, p.round(p.underflow()));
        assertEquals(2 * p.underflow(), p.round(p.underflow() * 1.0001));
    }

    @Test
    void noneChangesNothing() {
        assertEquals(0.1, Precision.NONE.round(0.1));
        float[] to = new float[3];
        Precision.NONE.round(new float[]{1, 0.1f, 0.3f}, 1, 2, to, 0);
        assertArrayEquals(new float[]{0.1f, 0.3f, 0}, to);
    }
}
