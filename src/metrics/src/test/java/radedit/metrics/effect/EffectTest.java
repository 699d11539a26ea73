package radedit.metrics.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import radedit.metrics.McNemar;
import radedit.metrics.Proportion;

/** Cases worked out by hand, what is undefined and what is refused. */
class EffectTest {
    private static final double[] ONE = {0.5};

    @Test
    void flipsAreCountedFromTheirSide() {
        Flips f = Flips.of(new double[]{0.1, 0.2, 0.3, 0.5, 0.9}, new double[]{0.5, 0.2, 0.8, 0.4, 0.9}, 0.5);
        assertEquals(new Proportion(2, 3), f.fromNo());
        assertEquals(new Proportion(1, 2), f.fromYes()); // a score equal to the threshold is a yes
        assertEquals(new Proportion(3, 5), f.all());
        assertEquals(new McNemar(1, 1, 2, 1), f.mcNemar());
        assertEquals(new Proportion(0, 0), Flips.of(new double[0], new double[0], 0.5).all());
    }

    @Test
    void theSwitchPointIsInterpolated() {
        double[] doses = {0, 1, 3};
        assertEquals(2, DoseResponse.switchPoint(doses, new double[]{0.1, 0.2, 0.4}, 0.3), 1e-15);
        assertEquals(2, DoseResponse.switchPoint(doses, new double[]{0.9, 0.4, 0.2}, 0.3), 1e-15);
        assertEquals(1, DoseResponse.switchPoint(doses, new double[]{0.1, 0.3, 0}, 0.3));
        assertEquals(0, DoseResponse.switchPoint(doses, new double[]{0.3, 0.1, 0}, 0.3)); // a yes that falls at once
        assertEquals(Double.NaN, DoseResponse.switchPoint(doses, new double[]{0.1, 0.2, 0.29}, 0.3));
    }

    @Test
    void responsesAreSummedUp() {
        DoseResponse d = DoseResponse.of(new double[]{0, 1, 2},
                new double[][]{{0, 1, 2}, {2, 1, 0}, {1, 1, 1}, {0, 2, 1}, {0, 0, 3}}, 1.5);
        assertEquals(new DoseResponse.Monotonicity(2, 1, 1, 1), d.monotonicity());
        assertEquals(0.6, d.monotonicity().share());
        assertEquals(new Proportion(4, 5), d.switching());
        // Spearman: 1, -1, none, 0.5 and sqrt(3) / 2
        assertEquals((1 - 1 + 0.5 + Math.sqrt(3) / 2) / 4, d.meanCorrelation(), 1e-15);
    }

    @Test
    void probabilitiesAtTheEndsAreClipped() {
        PairedChange c = PairedChange.of(new double[]{0, 0.5, 1e-6}, new double[]{1, 0.5, 0.5}, ScoreScale.PROBABILITY);
        assertEquals(2 * Math.log((1 - 1e-6) / 1e-6), c.changes()[0], 1e-9);
        assertEquals(1, c.clipped());
        assertEquals(0, PairedChange.of(new double[]{-40}, new double[]{40}, ScoreScale.LOGIT).clipped());
        PairedChange none = PairedChange.of(new double[0], new double[0], ScoreScale.LOGIT);
        assertEquals(Double.NaN, none.mean());
        assertEquals(Double.NaN, none.median());
        assertEquals(Double.NaN, none.meanMagnitude());
        assertEquals(Double.NaN, none.standardDeviation());
        assertEquals(Double.NaN, none.wilcoxon().pValue());
    }

    @Test
    void wrongArgumentsAreRefused() {
        refused("there are 1 scores before but 2 scores after", () -> Flips.of(ONE, new double[2], 0.5));
        refused("threshold is NaN, not a finite number", () -> Flips.of(ONE, ONE, Double.NaN));
        refused("score after [0] is NaN, not a finite number", () -> Flips.of(ONE, new double[]{Double.NaN}, 0.5));
        refused("score before [0] is -1.0, not a probability from 0 to 1",
                () -> PairedChange.of(new double[]{-1}, ONE, ScoreScale.PROBABILITY));
        refused("score after [0] is 2.0, not a probability from 0 to 1",
                () -> ReverseRecovery.of(ONE, new double[]{2}, ONE, 0.5, ScoreScale.PROBABILITY));
        refused("target class 2 of 2",
                () -> CollateralFlips.of(new double[1][2], new double[1][2], new double[2], 2));
        refused("case 0 has 3 scores, but there are 2 thresholds",
                () -> CollateralFlips.of(new double[1][3], new double[1][2], new double[2], 0));
        refused("a dose response needs at least 2 doses, not 1",
                () -> DoseResponse.of(ONE, new double[1][1], 0));
        refused("doses are not strictly ascending: 1.0 comes after 1.0",
                () -> DoseResponse.of(new double[]{1, 1}, new double[1][2], 0));
        refused("a dose response needs at least one case",
                () -> DoseResponse.of(new double[]{0, 1}, new double[0][], 0));
        refused("case 0 has 3 scores, but there are 2 doses",
                () -> DoseResponse.of(new double[]{0, 1}, new double[1][3], 0));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }
}
