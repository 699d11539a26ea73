package radedit.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

class SignificantDigitsTest {
    /** From tables: chi2 with 29 degrees of freedom has its quantile of 2.5 % at 16.047, the normal its of 99.5 % at 2.5758. */
    @Test
    void theCorrectionIsThatOfTheTables() {
        assertEquals(Math.log(Math.sqrt(29 / 16.047) * 2.5758) / Math.log(2),
                SignificantDigits.correction(30, 0.99, 0.95),
                1e-4);
        assertEquals(Math.log(Math.sqrt(7 / 1.690) * 1.96) / Math.log(2), SignificantDigits.correction(8, 0.95, 0.95),
                1e-3);
        assertThrows(IllegalArgumentException.class, () -> SignificantDigits.correction(1, 0.95, 0.95));
    }

    private static SignificantDigits of(double[]... samples) {
        SignificantDigits d = new SignificantDigits(Shape.of(samples[0].length), 24);
        for (double[] s : samples) {
            d.add(Tensor.of(Shape.of(s.length), s));
        }
        return d;
    }

    @Test
    void specialElements() {
        double tiny = 0x1p-40;
        // equal, equal zeros, around zero, not finite, more than the precision holds, infinite
        SignificantDigits d = of(new double[]{0.3, 0, -1, Double.NaN, 1 - tiny, 1},
                new double[]{0.3, 0, 1, 1, 1 + tiny, Double.POSITIVE_INFINITY});
        assertArrayEquals(new double[]{24, 24, 0, 0, 24, 0}, d.bits().data());
        assertEquals(24 * Math.log10(2), d.digits().data()[0], 1e-15);
    }

    @Test
    void bitsAreThoseOfTheFormula() {
        SignificantDigits d = of(new double[]{4 - 0x1p-10}, new double[]{4}, new double[]{4 + 0x1p-10});
        assertEquals(4, d.mean().data()[0]);
        assertEquals(0x1p-10, d.deviation().data()[0], 1e-18);
        assertEquals(12 - d.correction(), d.bits().data()[0], 1e-9);
    }

    /** 10.5 is between two levels, 0.2 is not, and 0.45 is near enough to 0.5 for a further sample. */
    @Test
    void levels() {
        SignificantDigits d = of(new double[]{10.49, 0.2, 0.45}, new double[]{10.51, 0.2001, 0.448});
        assertEquals(2.0 / 3, d.undetermined(1), 1e-15);
        assertEquals(1.0 / 3, d.differing(1), 1e-15);
    }

    /**
     * The bound of the deviation, which is two-sided in the paper, is exceeded with a probability of 2.5 %; the share of
     * 4000 elements is within 5 standard deviations of that, 1.2 %.
     */
    @Test
    void theConfidenceIsKept() {
        int n = 4000;
        Random random = new Random(3);
        double sigma = 1e-4;
        double[][] samples = new double[8][n];
        for (double[] s : samples) {
            for (int i = 0; i < n; i++) {
                s[i] = 1 + sigma * random.nextGaussian();
            }
        }
        double certain = -Math.log(1.959964 * sigma) / Math.log(2);
        double tooMany = 0;
        for (double bits : of(samples).bits().data()) {
            tooMany += bits > certain ? 1.0 / n : 0;
        }
        assertEquals(0.025, tooMany, 5 * Math.sqrt(0.025 * 0.975 / n));
    }

    @Test
    void quantiles() {
        Tensor t = Tensor.of(Shape.of(5), 5, 1, 4, 2, 3);
        assertEquals(1, SignificantDigits.quantile(t, 0));
        assertEquals(3, SignificantDigits.quantile(t, 0.5));
        assertEquals(5, SignificantDigits.quantile(t, 1));
    }
}
