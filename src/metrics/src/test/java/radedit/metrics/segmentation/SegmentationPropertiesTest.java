package radedit.metrics.segmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws of masks' distances. */
class SegmentationPropertiesTest {
    private static boolean[] mask(Random r, int n) {
        boolean[] m = new boolean[n];
        int oneIn = 1 + r.nextInt(30);
        for (int i = 0; i < n; i++) {
            m[i] = r.nextInt(oneIn) == 0;
        }
        m[r.nextInt(n)] = true;
        return m;
    }

    private static PixelGrid grid(Random r, int width, int height) {
        return new PixelGrid(width, height, 0.05 + 4 * r.nextDouble(), 0.05 + 4 * r.nextDouble());
    }

    @Property(tries = 300, seed = "1")
    void distancesEqualThoseOfAllPairs(@ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int width,
            @ForAll @IntRange(min = 1, max = 24) int height) {
        Random r = new Random(seed);
        PixelGrid grid = grid(r, width, height);
        boolean[] m = mask(r, grid.size());
        double[] expected = new double[m.length];
        for (int i = 0; i < m.length; i++) {
            double least = Double.POSITIVE_INFINITY;
            for (int j = 0; j < m.length; j++) {
                if (m[j]) {
                    least = Math.min(least, Math.hypot((i / width - j / width) * grid.spacingY(),
                            (i % width - j % width) * grid.spacingX()));
                }
            }
            expected[i] = least;
        }
        assertArrayEquals(expected, DistanceTransform.of(m, grid), 1e-12 * 100); // 1e-12 of at most 100
    }

    @Property(tries = 300, seed = "2")
    void metricsAreSymmetric(@ForAll long seed, @ForAll @IntRange(min = 1, max = 24) int width,
            @ForAll @IntRange(min = 1, max = 24) int height) {
        Random r = new Random(seed);
        PixelGrid grid = grid(r, width, height);
        boolean[] a = mask(r, grid.size());
        boolean[] b = mask(r, grid.size());
        assertEquals(Overlap.of(a, b).dice(), Overlap.of(b, a).dice());
        double j = Overlap.of(a, b).jaccard();
        assertEquals(2 * j / (1 + j), Overlap.of(a, b).dice(), 1e-15);
        SurfaceDistances ab = SurfaceDistances.of(a, b, grid);
        SurfaceDistances ba = SurfaceDistances.of(b, a, grid);
        assertEquals(ab.hausdorff(), ba.hausdorff());
        assertEquals(ab.hausdorff95(), ba.hausdorff95());
        assertEquals(ab.averageSymmetric(), ba.averageSymmetric(), 1e-12);
        assertEquals(AverageHausdorff.of(a, b, grid), AverageHausdorff.of(b, a, grid));
        assertTrue(ab.hausdorff95() <= ab.hausdorff() && ab.averageSymmetric() <= ab.hausdorff());
        assertEquals(0, SurfaceDistances.of(a, a, grid).hausdorff());
        assertEquals(1, Overlap.of(a, a).dice());
    }
}
