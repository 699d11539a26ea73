package radedit.metrics.effect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import radedit.metrics.Proportion;
import radedit.metrics.Reference;

/** Against the definitions in NumPy and SciPy. */
class EffectReferenceTest {
    private static Proportion proportion(JsonNode c) {
        return new Proportion(c.get(0).asInt(), c.get(1).asInt());
    }

    private static double[] column(double[][] rows, int c) {
        return Arrays.stream(rows).mapToDouble(r -> r[c]).toArray();
    }

    @Test
    void effectsEqualTheirDefinitions() throws IOException {
        Reference reference = new Reference();
        for (JsonNode c : Reference.cases("effect.json", 60)) {
            ScoreScale scale = ScoreScale.valueOf(c.get("scale").asText());
            double[][] before = Reference.matrix(c.get("before"));
            double[][] after = Reference.matrix(c.get("after"));
            double[] thresholds = Reference.doubles(c.get("thresholds"));
            int target = c.get("target").asInt();
            CollateralFlips flips = CollateralFlips.of(before, after, thresholds, target);
            for (int k = 0; k < thresholds.length; k++) {
                JsonNode expected = c.get("flips").get(k);
                assertEquals(new Flips(proportion(expected.get(0)), proportion(expected.get(1))),
                        flips.byClass().get(k));
            }
            assertEquals(proportion(c.get("anyOther")), flips.anyOther());
            assertEquals(proportion(c.get("otherDecisions")), flips.otherDecisions());
            double[] b = column(before, target);
            double[] a = column(after, target);
            assertEquals(flips.byClass().get(target), Flips.of(b, a, thresholds[target]));
            PairedChange change = PairedChange.of(b, a, scale);
            reference.check("changes of log-odds", c.get("changes"), change.changes());
            reference.check("mean change", c.get("mean"), change.mean());
            reference.check("mean magnitude", c.get("meanMagnitude"), change.meanMagnitude());
            reference.check("median change", c.get("median"), change.median());
            reference.check("standard deviation", c.get("sd"), change.standardDeviation());
            assertEquals(c.get("clipped").asInt(), change.clipped());
            recovery(reference, c, b, a, thresholds[target], scale);
            dose(reference, c, thresholds[target]);
        }
        reference.print();
    }

    private static void recovery(Reference reference, JsonNode c, double[] b, double[] a, double threshold,
            ScoreScale scale) {
        ReverseRecovery r = ReverseRecovery.of(b, a, Reference.doubles(c.get("reverse")), threshold, scale);
        assertEquals(proportion(c.get("recovered")), r.recovered());
        reference.check("residual", c.get("residual"), r.residual().mean());
        reference.check("residual of flipped", c.get("flippedResidual"), r.flippedResidual().mean());
    }

    private static void dose(Reference reference, JsonNode c, double threshold) {
        DoseResponse d = DoseResponse.of(Reference.doubles(c.get("doses")), Reference.matrix(c.get("curves")),
                threshold);
        reference.check("mean scores", c.get("meanScores"), d.meanScores());
        reference.check("median scores", c.get("medianScores"), d.medianScores());
        int n = c.get("curves").size();
        assertArrayEquals(Arrays.stream(Reference.doubles(c.get("doseFlips"))).mapToObj(k -> new Proportion((int) k, n))
                .toArray(), d.flipped());
        reference.check("switch points", c.get("switchPoints"), d.switchPoints());
        reference.check("switch point of means", c.get("meanSwitch"), d.meanSwitchPoint());
        reference.check("switch point of medians", c.get("medianSwitch"), d.medianSwitchPoint());
        reference.check("Spearman of doses", c.get("rho"), d.correlations());
        assertArrayEquals(Reference.doubles(c.get("monotone")), new double[]{d.monotonicity().rising(),
                d.monotonicity().falling(), d.monotonicity().constant(), d.monotonicity().mixed()});
    }
}
