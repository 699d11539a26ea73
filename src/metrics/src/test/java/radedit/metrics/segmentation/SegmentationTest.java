package radedit.metrics.segmentation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Empty masks, and what is refused. */
class SegmentationTest {
    private static final PixelGrid GRID = PixelGrid.ofPixels(3, 2);
    private static final boolean[] EMPTY = new boolean[6];
    private static final boolean[] ONE = {true, false, false, false, false, false};

    @Test
    void emptyMasksAreTold() {
        assertTrue(Overlap.of(EMPTY, EMPTY).bothEmpty());
        assertEquals(1, Overlap.of(EMPTY, EMPTY).dice());
        assertEquals(1, Overlap.of(EMPTY, EMPTY).jaccard());
        assertFalse(Overlap.of(EMPTY, ONE).bothEmpty());
        assertEquals(0, Overlap.of(EMPTY, ONE).dice());
        for (SurfaceDistances d : new SurfaceDistances[]{SurfaceDistances.of(EMPTY, EMPTY, GRID),
                SurfaceDistances.of(EMPTY, ONE, GRID), SurfaceDistances.of(ONE, EMPTY, GRID)}) {
            assertTrue(d.isEmpty());
            assertEquals(Double.NaN, d.hausdorff());
            assertEquals(Double.NaN, d.hausdorff95());
            assertEquals(Double.NaN, d.average());
            assertEquals(Double.NaN, d.averageSymmetric());
        }
        assertEquals(Double.NaN, AverageHausdorff.of(ONE, EMPTY, GRID));
        for (double d : DistanceTransform.of(EMPTY, GRID)) {
            assertEquals(Double.POSITIVE_INFINITY, d);
        }
    }

    @Test
    void rowsAndColumnsHaveTheirOwnSpacing() {
        double[] d = DistanceTransform.of(ONE, new PixelGrid(3, 2, 4, 3));
        assertArrayEquals(new double[]{0, 3, 6, 4, 5, Math.sqrt(52)}, d);
    }

    @Test
    void bytesOtherThanZeroAreInside() {
        assertArrayEquals(new boolean[]{true, false, true, true, false, false},
                GRID.mask(new byte[]{1, 0, -1, 127, 0, 0}));
    }

    @Test
    void wrongArgumentsAreRefused() {
        refused("a mask of 0 x 5 pixels", () -> PixelGrid.ofPixels(0, 5));
        refused("a mask of 65536 x 65536 pixels", () -> PixelGrid.ofPixels(65536, 65536));
        refused("pixel spacing 0.0 x 1.0 is not from 1e-9 to 1e9", () -> new PixelGrid(1, 1, 0, 1));
        refused("pixel spacing 1.0 x NaN is not from 1e-9 to 1e9", () -> new PixelGrid(1, 1, 1, Double.NaN));
        refused("the reference has 5 values, not 3 x 2", () -> SurfaceDistances.of(ONE, new boolean[5], GRID));
        refused("the mask has 5 values, not 3 x 2", () -> DistanceTransform.of(new boolean[5], GRID));
        refused("a mask of 3 x 2 pixels has 7 values", () -> GRID.mask(new byte[7]));
        refused("there are 6 pixels in the first mask but 5 in the second", () -> Overlap.of(ONE, new boolean[5]));
        refused("3 pixels in both of masks with 2 and 4", () -> new Overlap(2, 4, 3));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }
}
