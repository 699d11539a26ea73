package radedit.metrics.features;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Arrays;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import radedit.metrics.Reference;

/** Against torchmetrics, pytorch-fid's formula, the same in 50 digits, and prdc. */
class FeatureReferenceTest {
    /** As generator in make_reference.py. */
    static double[][] features(long seed, int n, int d, double shift) {
        long state = seed;
        double[][] all = new double[n][d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                state = state * 6364136223846793005L + 1442695040888963407L;
                all[i][j] = (state >>> 32) / 0x1p32 - 0.5 + (j % 3 == 0 ? shift : 0);
            }
        }
        return all;
    }

    @Test
    void metricsEqualTheirReferences() throws IOException {
        Reference reference = new Reference();
        for (JsonNode c : Reference.cases("features.json", 30)) {
            int n = c.get("n").asInt();
            int m = c.get("m").asInt();
            int d = c.get("d").asInt();
            double[][] x = features(c.get("seeds").get(0).asLong(), n, d, 0);
            double[][] y = features(c.get("seeds").get(1).asLong(), m, d, c.get("shift").asDouble());
            switch (c.get("change").asText()) {
                case "constant feature" -> {
                    Arrays.stream(x).forEach(r -> r[0] = 0.25);
                    Arrays.stream(y).forEach(r -> r[0] = 0.25);
                }
                case "copies" -> System.arraycopy(x, 0, y, 0, Math.min(n, m) / 2);
                case "same" -> y = x.clone();
                default -> assertEquals("none", c.get("change").asText());
            }
            FrechetDistance f = FrechetDistance.of(x, y);
            reference.check(f.singular() ? "Fréchet, singular" : "Fréchet", c.get("fid").asDouble(), f.value(),
                    c.get("scale").asDouble()); // of the traces: the distance is their difference
            assertEquals(f.value(), f.meanTerm() + f.covarianceTerm());
            assertEquals(Math.min(n, m) <= d, f.singular());
            reference.check("kernel distance", c.get("kid"), KernelDistance.of(x, y));
            for (int k : new int[]{1, 5}) {
                JsonNode expected = c.get("prdc" + k);
                if (expected != null) {
                    Manifold a = Manifold.of(x, y, k);
                    reference.check("precision", expected.get("precision"), a.precision());
                    reference.check("recall", expected.get("recall"), a.recall());
                    reference.check("density", expected.get("density"), a.density());
                    reference.check("coverage", expected.get("coverage"), a.coverage());
                }
            }
        }
        reference.print();
    }
}
