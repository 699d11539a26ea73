package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.Resample.Filter;

/** Films of any shape fill their square, and masks are fitted like their film. */
class FitPropertiesTest {
    @Property(tries = 300, seed = "1")
    void theSquareIsWholeAndMasksFollow(@ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height, @ForAll @DoubleRange(min = 0.2, max = 5) double aspect,
            @ForAll @IntRange(min = 1, max = 40) int size, @ForAll FitMode mode, @ForAll long seed) {
        Fit fit = Fit.of(width, height, aspect, size, mode, Filter.BILINEAR);
        Random r = new Random(seed);
        Mask a = mask(width, height, r);
        Mask b = mask(width, height, r);
        Mask square = fit.apply(a);
        assertEquals(size + " " + size, square.width() + " " + square.height());
        assertEquals(fit.apply(a.union(b)), square.union(fit.apply(b)));
        assertEquals(square, square.intersection(fit.coverage(a)), "covered pixels are a superset");
        assertEquals(fit.coverage(a.union(b)), fit.coverage(a).union(fit.coverage(b)));
        Mask film = fit.filmArea();
        assertEquals(fit.apply(Mask.filled(width, height, true)), film);
        assertEquals(square, square.intersection(film));
        double cut = fit.croppedShare(a, square);
        assertTrue(cut >= 0 && cut <= 1, () -> "cut off: " + cut);
        if (mode != FitMode.RESIZE_CROP) {
            assertEquals(0, cut);
        } else {
            assertEquals(Mask.filled(size, size, true), film, "nothing beside the film");
        }
    }

    /** White where there is film, black in the padding. */
    @Property(tries = 200, seed = "2")
    void picturesGoWhereTheirMasksGo(@ForAll @IntRange(min = 1, max = 60) int width,
            @ForAll @IntRange(min = 1, max = 60) int height, @ForAll @DoubleRange(min = 0.2, max = 5) double aspect,
            @ForAll @IntRange(min = 1, max = 40) int size, @ForAll FitMode mode, @ForAll Filter filter) {
        Fit fit = Fit.of(width, height, aspect, size, mode, filter);
        Picture white = fit.apply(Mask.filled(width, height, true).toPicture());
        assertEquals(fit.filmArea(), Mask.of(white));
    }

    private static Mask mask(int width, int height, Random r) {
        boolean[] set = new boolean[width * height];
        for (int i = 0; i < set.length; i++) {
            set[i] = r.nextBoolean();
        }
        return new Mask(width, height, set);
    }
}
