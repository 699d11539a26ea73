package radedit.metrics.classification;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is undefined and what is refused. */
class ClassificationTest {
    private static final boolean[] NONE = {};
    private static final double[] EMPTY = {};

    @Test
    void withoutCasesAllIsUndefined() {
        Confusion c = Confusion.at(NONE, EMPTY, 0.5);
        for (double d : new double[]{c.accuracy(), c.sensitivity(), c.specificity(), c.balancedAccuracy(),
                c.positivePredictiveValue(), c.negativePredictiveValue(), c.f1(), Ranking.auroc(NONE, EMPTY),
                Ranking.averagePrecision(NONE, EMPTY), RocCurve.of(NONE, EMPTY).youden().threshold(),
                ProbabilityScores.brier(NONE, EMPTY), ProbabilityScores.logLoss(NONE, EMPTY),
                Reliability.of(NONE, EMPTY, 10).expectedCalibrationError(),
                Reliability.of(NONE, EMPTY, 10).maximumCalibrationError()}) {
            assertEquals(Double.NaN, d);
        }
    }

    @Test
    void zerosOfBothSignsAreTied() {
        assertEquals(0.5, Ranking.auroc(new boolean[]{true, false}, new double[]{-0.0, 0.0}));
        assertEquals(0.5, Ranking.auroc(new boolean[]{true, false}, new double[]{0.0, -0.0}));
        assertEquals(1, Confusion.at(new boolean[]{true}, new double[]{-0.0}, 0.0).truePositives());
    }

    @Test
    void noBetterPointThanNoneHasAnInfiniteThreshold() {
        RocCurve.Point p = RocCurve.of(new boolean[]{true, false}, new double[]{0, 1}).youden();
        assertEquals(Double.POSITIVE_INFINITY, p.threshold());
        assertEquals(0, p.youden());
    }

    @Test
    void manyPairsDoNotOverflow() {
        int n = 200_000;
        boolean[] y = new boolean[n];
        double[] s = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % 2 == 0;
            s[i] = i >> 1;
        }
        assertEquals(0.5, Ranking.auroc(y, s)); // 10^10 pairs, wins and losses equal by symmetry, and 10^5 ties
    }

    @Test
    void aPerfectPredictionHasTheLossOfTheClip() {
        double loss = ProbabilityScores.logLoss(new boolean[]{true, false}, new double[]{0, 1});
        assertEquals(52 * Math.log(2), loss, 1e-12);
        assertEquals(0, ProbabilityScores.logLoss(new boolean[]{true, false}, new double[]{1, 0}), 3e-16);
    }

    @Test
    void wrongArgumentsAreRefused() {
        boolean[] y = {true, false};
        refused("there are 2 truths but 1 scores", () -> Confusion.at(y, new double[1], 0.5));
        refused("score [1] is NaN, not a finite number", () -> Ranking.auroc(y, new double[]{0, Double.NaN}));
        refused("score [0] is Infinity, not a finite number",
                () -> RocCurve.of(y, new double[]{Double.POSITIVE_INFINITY, 0}));
        refused("the threshold is NaN", () -> Confusion.at(y, new double[2], Double.NaN));
        refused("probability [1] is 1.5, not a probability from 0 to 1",
                () -> ProbabilityScores.brier(y, new double[]{0, 1.5}));
        refused("probability [0] is NaN, not a probability from 0 to 1",
                () -> Reliability.of(y, new double[]{Double.NaN, 0}, 10));
        refused("number of bins is 0, not from 1 to 10000", () -> Reliability.of(y, new double[2], 0));
        refused("a confusion count is negative", () -> new Confusion(-1, 0, 0, 0));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }

    @Test
    void edgesOfBinsBelongToTheBinBelow() {
        Reliability r = Reliability.of(new boolean[3], new double[]{0, 0.5, 1}, 2);
        assertEquals(2, r.bins().get(0).count());
        assertEquals(1, r.bins().get(1).count());
        assertTrue(Double.isNaN(Reliability.of(new boolean[1], new double[]{1}, 2).bins().get(0).gap()));
    }
}
