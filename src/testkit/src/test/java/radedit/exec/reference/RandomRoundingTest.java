package radedit.exec.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RandomRoundingTest {
    private static final int DRAWS = 20_000;

    /** The share of upward roundings is binomial; 5 standard deviations of it are allowed. */
    @ParameterizedTest
    @ValueSource(ints = {8, 11, 23, 24})
    void roundsToTheTwoNeighboursInProportion(int bits) {
        double unit = Math.scalb(1.0, 1 - bits);
        RandomRounding r = new RandomRounding(bits, 7);
        for (double share : new double[]{1.0 / 1024, 0.25, 0.5, 0.9}) {
            for (double below : new double[]{1, 1 + 3 * unit, 2 - unit, -1 - unit}) {
                double above = below + Math.copySign(unit, below);
                double v = below + share * Math.copySign(unit, below);
                int up = 0;
                for (int i = 0; i < DRAWS; i++) {
                    double rounded = r.of(v);
                    assertTrue(rounded == below || rounded == above, () -> v + " became " + rounded);
                    up += rounded == above ? 1 : 0;
                }
                assertEquals(share, (double) up / DRAWS, 5 * Math.sqrt(share * (1 - share) / DRAWS));
            }
        }
    }

    @Test
    void whatNeedsNoRoundingStays() {
        RandomRounding r = new RandomRounding(24, 1);
        for (double v : new double[]{0, -0.0, 1, -3.25, 0.1f, Float.MAX_VALUE, Float.MIN_NORMAL, 30_521,
                Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            for (int i = 0; i < 100; i++) {
                assertEquals(v, r.of(v));
            }
        }
    }

    /** Adding to the bit pattern of a NaN whose bits are all ones would make a number of it. */
    @Test
    void notANumberStaysSo() {
        RandomRounding r = new RandomRounding(8, 1);
        for (int i = 0; i < 100; i++) {
            assertTrue(Double.isNaN(r.of(Double.longBitsToDouble(-1L))));
        }
    }

    /** Two products at a time are the same two operations as one after another, but for the random numbers. */
    @Test
    void sumsOfProductsAreExactWhereNothingIsRounded() {
        double[] x = {1, 2, 3, 4, 5};
        double[][] w = {{1, -1}, {2, -2}, {3, -3}, {4, -4}, {5, -5}};
        double[] sum = {0.5, 0};
        new RandomRounding(24, 1).addProducts(sum, x, 0, 5, w, 0);
        assertEquals(55.5, sum[0]);
        assertEquals(-55, sum[1]);
    }
}
