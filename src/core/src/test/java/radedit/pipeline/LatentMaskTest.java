package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.diffusion.MaskDownsampling.Rule;
import radedit.imaging.Mask;
import radedit.imaging.Resample;

/** Masks of films on the latent grid, and how many of their pixels it covers. */
class LatentMaskTest {
    private static final int SIZE = 64;
    private static final int FACTOR = 8;

    private static Mask random(int width, int height, double share, long seed) {
        Random random = new Random(seed);
        boolean[] set = new boolean[width * height];
        for (int i = 0; i < set.length; i++) {
            set[i] = random.nextDouble() < share;
        }
        return new Mask(width, height, set);
    }

    private static Fit fit(Mask film, FitMode mode) {
        return Fit.of(film.width(), film.height(), 1, SIZE, mode, Resample.Filter.BILINEAR);
    }

    /** Every pixel of the keep mask lies in a cell that is kept, at every size, however thin the structure. */
    @ParameterizedTest
    @CsvSource({"64, 64", "512, 512", "500, 381", "381, 500", "1000, 1500", "64, 63", "16, 16", "37, 91", "3000, 2500"})
    void everyKeptPixelIsKept(int width, int height) {
        Mask film = random(width, height, 0.002, width);
        for (FitMode mode : FitMode.values()) {
            Fit fit = fit(film, mode);
            LatentMask kept = LatentMask.covering(film, fit, FACTOR, Rule.ANY);
            assertEquals(kept.visiblePixels(), kept.coveredPixels(), mode.toString());
            assertEquals(0, kept.droppedShare());
            Mask cells = kept.cellPixels();
            assertEquals(kept.pixels().count(), kept.pixels().overlap(cells), "what of it shows in the square");
            // by the rule alone, each side of a pixel may lie in a cell of its own
            Mask touched = fit.coverage(film);
            assertEquals(touched.count(), touched.overlap(cells));
        }
    }

    /** If the film has the square's size, both ways differ from the published one only by the rule. */
    @ParameterizedTest
    @CsvSource({"NEAREST", "ANY", "MAJORITY"})
    void withoutResizingTheRulesAreTheSame(Rule rule) {
        Mask film = random(SIZE, SIZE, 0.3, 5);
        Fit fit = fit(film, FitMode.RESIZE_CROP);
        assertArrayEquals(LatentMask.of(film, fit, FACTOR, rule).cells().data(),
                LatentMask.covering(film, fit, FACTOR, rule).cells().data());
        assertArrayEquals(film.pixels(), fit.coverage(film).pixels());
    }

    @Test
    void whatARuleDropsIsCounted() {
        boolean[] line = new boolean[SIZE * SIZE];
        for (int y = 0; y < SIZE; y++) {
            line[y * SIZE + 3] = true; // never the top-left pixel of a cell
            line[y * SIZE + 16] = true; // always on its left side
        }
        Mask film = new Mask(SIZE, SIZE, line);
        Fit fit = fit(film, FitMode.RESIZE_CROP);
        LatentMask nearest = LatentMask.covering(film, fit, FACTOR, Rule.NEAREST);
        assertEquals("128 64 8", nearest.visiblePixels() + " " + nearest.coveredPixels() + " " + nearest.cellCount());
        assertEquals(0.5, nearest.droppedShare());
        assertEquals(0, LatentMask.covering(film, fit, FACTOR, Rule.MAJORITY).cellCount());
        assertEquals(16, LatentMask.covering(film, fit, FACTOR, Rule.ANY).cellCount());
    }

    /** Pixels outside the square count neither as seen nor as dropped. */
    @Test
    void besideTheSquareNothingCounts() {
        boolean[] left = new boolean[256 * SIZE];
        for (int y = 0; y < SIZE; y++) {
            left[y * 256] = true;
        }
        Mask film = new Mask(256, SIZE, left);
        assertEquals(0, LatentMask.covering(film, fit(film, FitMode.RESIZE_CROP), FACTOR, Rule.ANY).visiblePixels());
        LatentMask padded = LatentMask.covering(film, fit(film, FitMode.PAD), FACTOR, Rule.ANY);
        assertTrue(padded.visiblePixels() == SIZE && padded.coveredPixels() == SIZE && padded.cellCount() == 2,
                padded.toString());
    }
}
