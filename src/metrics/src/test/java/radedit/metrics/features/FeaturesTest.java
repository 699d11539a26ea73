package radedit.metrics.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;

import org.junit.jupiter.api.Test;

/** Closed forms, and what is refused. */
class FeaturesTest {
    @Test
    void aShiftIsItsSquaredLength() {
        double[][] x = FeatureReferenceTest.features(1, 50, 7, 0);
        double[][] y = Arrays.stream(x).map(r -> Arrays.stream(r).map(v -> v + 2).toArray()).toArray(double[][]::new);
        FrechetDistance f = FrechetDistance.of(x, y);
        assertEquals(7 * 4, f.value(), 1e-12);
        assertEquals(0, f.covarianceTerm(), 1e-12);
    }

    @Test
    void aStretchIsTheVarianceTimesItsSquare() {
        double[][] x = FeatureReferenceTest.features(1, 30, 40, 0);
        double[][] y = Arrays.stream(x).map(r -> Arrays.stream(r).map(v -> v * 3).toArray()).toArray(double[][]::new);
        double trace = 0;
        for (int j = 0; j < 40; j++) {
            int column = j;
            double mean = Arrays.stream(x).mapToDouble(r -> r[column]).average().orElseThrow();
            trace += Arrays.stream(x).mapToDouble(r -> Math.pow(r[column] - mean, 2)).sum() / 29;
        }
        FrechetDistance f = FrechetDistance.of(x, y);
        assertEquals(4 * trace, f.covarianceTerm(), 1e-12 * 10 * trace); // (3 - 1)^2, the traces being 10 times the first
        assertTrue(f.singular());
    }

    @Test
    void constantFeaturesAreAtNoDistance() {
        double[][] x = new double[10][3];
        assertEquals(0, FrechetDistance.of(x, x).value());
        assertEquals(0, KernelDistance.of(x, x));
        Manifold m = Manifold.of(x, x, 5);
        assertEquals(0, m.precision()); // spheres of radius 0 contain nothing, as in prdc
    }

    @Test
    void threadsDoNotChangeTheManifold() throws Exception {
        double[][] x = FeatureReferenceTest.features(3, 60, 9, 0);
        double[][] y = FeatureReferenceTest.features(4, 70, 9, 0.1);
        try (ForkJoinPool one = new ForkJoinPool(1); ForkJoinPool many = new ForkJoinPool(7)) {
            assertEquals(one.submit(() -> Manifold.of(x, y, 5)).get(), many.submit(() -> Manifold.of(x, y, 5)).get());
        }
    }

    @Test
    void largeFeaturesDoNotOverflow() {
        double[][] x = {{1e50, -1e50}, {1e50, 1e50}, {-1e50, 1e50}};
        double[][] y = {{-1e50, -1e50}, {1e50, 1e50}};
        assertTrue(Double.isFinite(FrechetDistance.of(x, y).value()));
        assertTrue(Double.isFinite(KernelDistance.of(x, y)));
        assertTrue(Double.isFinite(Manifold.of(x, y, 1).density()));
    }

    @Test
    void wrongArgumentsAreRefused() {
        double[][] x = new double[6][3];
        refused("there are 6 and 1 rows of features, but at least 2 of each are needed",
                () -> FrechetDistance.of(x, new double[1][3]));
        refused("there are 6 and 5 rows of features, but at least 6 of each are needed",
                () -> Manifold.of(x, new double[5][3], 5));
        refused("generated row 0 has 2 features, not 3", () -> KernelDistance.of(x, new double[6][2]));
        refused("rows of features are empty", () -> FrechetDistance.of(new double[2][0], new double[2][0]));
        refused("the number of neighbours is 0, not at least 1", () -> Manifold.of(x, x, 0));
        refused("real row 1 has the feature -1.0E51, beyond 1e50",
                () -> Manifold.of(new double[][]{{0, 0}, {0, -1e51}}, new double[2][2], 1));
        refused("feature of real row 0 [1] is NaN, not a finite number",
                () -> FrechetDistance.of(new double[][]{{0, Double.NaN}, {0, 0}}, new double[2][2]));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }
}
