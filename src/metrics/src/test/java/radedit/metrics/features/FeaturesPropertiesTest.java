package radedit.metrics.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of distances of sets. */
class FeaturesPropertiesTest {
    @Property(tries = 60, seed = "1")
    void distancesAreSymmetric(@ForAll @IntRange(min = 2, max = 20) int n, @ForAll @IntRange(min = 2, max = 20) int m,
            @ForAll @IntRange(min = 1, max = 12) int d, @ForAll @IntRange(min = 1, max = 1000) int seed) {
        double[][] x = FeatureReferenceTest.features(seed, n, d, 0);
        double[][] y = FeatureReferenceTest.features(-seed, m, d, 0.2);
        assertEquals(FrechetDistance.of(x, y).value(), FrechetDistance.of(y, x).value(), 1e-12 * d);
        assertTrue(FrechetDistance.of(x, y).value() >= -1e-12 * d);
        assertEquals(KernelDistance.of(x, y), KernelDistance.of(y, x), 1e-12);
    }
}
