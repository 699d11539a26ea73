package radedit.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

/** Closed forms, what is undefined and what is refused. */
class StatisticsTest {
    @Test
    void noFlipInFiftyNineHasAnUpperBoundOfFivePercent() {
        assertEquals(1 - Math.pow(0.05, 1 / 59.0), new Proportion(0, 59).clopperPearsonUpper(0.95), 1e-15);
        assertTrue(new Proportion(0, 59).clopperPearsonUpper(0.95) < 0.05);
        assertEquals(1, new Proportion(59, 59).clopperPearsonUpper(0.95));
        assertEquals(Math.pow(0.05, 1 / 59.0), new Proportion(59, 59).clopperPearsonLower(0.95), 1e-14);
    }

    @Test
    void withoutTrialsNothingIsKnown() {
        Proportion none = new Proportion(0, 0);
        assertEquals(Double.NaN, none.rate());
        assertEquals(new Interval(0, 1, 0.95), none.wilson(0.95));
        assertEquals(new Interval(0, 1, 0.95), none.clopperPearson(0.95));
        assertEquals(1, none.clopperPearsonUpper(0.95));
        assertEquals(0, none.clopperPearsonLower(0.95));
    }

    @Test
    void manyTrialsKeepTheirDigits() {
        int n = Integer.MAX_VALUE;
        // Poisson's limit: the upper bound of 0 is -log(0.05) / n, to within 1 / n
        assertEquals(1, new Proportion(0, n).clopperPearsonUpper(0.95) / (-Math.log(0.05) / n), 2.0 / n);
        Interval half = new Proportion(n / 2, n).clopperPearson(0.95);
        double sd = 0.5 / Math.sqrt(n);
        assertEquals(0.5 - 1.959963984540054 * sd, half.low(), 2e-9); // normal limit, with a continuity of 1 / n
        assertEquals(0.5 + 1.959963984540054 * sd, half.high(), 2e-9);
    }

    @Test
    void testsWithoutDataAreUndefinedOrCertain() {
        assertEquals(1, new McNemar(5, 0, 0, 5).pValue());
        assertEquals(Double.NaN, WilcoxonSignedRank.of(new double[0]).pValue());
        WilcoxonSignedRank w = WilcoxonSignedRank.of(new double[]{0, -0.0, 0});
        assertEquals(3, w.zeros());
        assertEquals(Double.NaN, w.pValue());
        assertEquals(Double.NaN, Correlation.pearson(new double[]{0.1, 0.1, 0.1}, new double[]{1, 2, 3}).coefficient());
        assertEquals(Double.NaN, Correlation.spearman(new double[]{0, -0.0, 0}, new double[]{1, 2, 3}).coefficient());
    }

    @Test
    void theRanksKnowOneZero() {
        assertEquals(Correlation.spearman(new double[]{0, 0, 1, 2}, new double[]{4, 1, 3, 2}),
                Correlation.spearman(new double[]{0, -0.0, 1, 2}, new double[]{4, 1, 3, 2}));
    }

    /** The error of the normal approximation is of the order of 1 / n. */
    @Test
    void theLargestExactTestIsNearlyNormal() {
        int n = WilcoxonSignedRank.EXACT_LIMIT;
        double[] d = new double[n + 1];
        for (int i = 0; i < d.length; i++) {
            d[i] = i % 3 == 0 ? -1 - i : 1 + i;
        }
        WilcoxonSignedRank exact = WilcoxonSignedRank.of(Arrays.copyOf(d, n));
        assertTrue(exact.exact());
        assertFalse(WilcoxonSignedRank.of(d).exact());
        assertEquals(n * (n + 1) / 2.0, exact.positiveRankSum() + exact.negativeRankSum());
        double z = (exact.statistic() - n * (n + 1) / 4.0) / Math.sqrt(n * (n + 1.0) * (2 * n + 1) / 24);
        assertEquals(2 * new NormalDistribution().cumulativeProbability(z), exact.pValue(), 0.1 / n);
    }

    @Test
    void wrongArgumentsAreRefused() {
        refused("3 successes in 2 trials", () -> new Proportion(3, 2));
        refused("-1 successes in 2 trials", () -> new Proportion(-1, 2));
        refused("confidence level 95.0 is not between 0 and 1", () -> new Proportion(1, 2).wilson(95));
        refused("confidence level 0.0 is not between 0 and 1", () -> new Proportion(1, 2).clopperPearsonUpper(0));
        refused("an interval from 2.0 to 1.0", () -> new Interval(2, 1, 0.95));
        refused("an interval from NaN to 1.0", () -> new Interval(Double.NaN, 1, 0.95));
        refused("a correlation needs at least 2 pairs, not 1", () -> Correlation.pearson(new double[1], new double[1]));
        refused("there are 2 values of x but 3 values of y",
                () -> Correlation.spearman(new double[2], new double[3]));
        refused("difference [1] is NaN, not a finite number",
                () -> WilcoxonSignedRank.of(new double[]{1, Double.NaN}));
        refused("there are 1 decisions before but 2 decisions after",
                () -> McNemar.of(new boolean[1], new boolean[2]));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }
}
