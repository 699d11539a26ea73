package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Random;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Masks are sets, and what is done to films is done to sets. */
class MaskPropertiesTest {
    /** Three of one size. */
    record Three(Mask a, Mask b, Mask c) {}

    @Provide
    Arbitrary<Three> masks() {
        return Combinators.combine(Arbitraries.integers().between(1, 24), Arbitraries.integers().between(1, 24),
                Arbitraries.longs(), Arbitraries.integers().between(1, 20)).as((w, h, seed, oneIn) -> {
                    Random r = new Random(seed);
                    return new Three(mask(w, h, r, oneIn), mask(w, h, r, oneIn), mask(w, h, r, 2));
                });
    }

    private static Mask mask(int w, int h, Random r, int oneIn) {
        boolean[] set = new boolean[w * h];
        for (int i = 0; i < set.length; i++) {
            set[i] = r.nextInt(oneIn) == 0;
        }
        return new Mask(w, h, set);
    }

    @Property(tries = 200, seed = "1")
    void setsKeepTheLawsOfSets(@ForAll("masks") Three m) {
        Mask a = m.a;
        Mask b = m.b;
        assertEquals(a.union(b), b.union(a));
        assertEquals(a.union(b).union(m.c), a.union(b.union(m.c)));
        assertEquals(a, a.union(a.intersection(b)));
        assertEquals(a.union(b).inverse(), a.inverse().intersection(b.inverse()));
        assertEquals(a.difference(b), a.intersection(b.inverse()));
        assertEquals(a, a.inverse().inverse());
        assertEquals(a.intersection(b.union(m.c)), a.intersection(b).union(a.intersection(m.c)));
        assertEquals(a.count() + b.count(), a.union(b).count() + a.intersection(b).count());
        assertEquals(a.overlap(b), a.intersection(b).count());
        assertEquals(a.count() == 0, a.isEmpty());
        assertEquals(a, Mask.of(a.toPicture()));
    }

    @Property(tries = 200, seed = "2")
    void resizingGoesWithUnionAndRest(@ForAll("masks") Three m, @ForAll @IntRange(min = 1, max = 50) int width,
            @ForAll @IntRange(min = 1, max = 50) int height) {
        Mask a = m.a.resize(width, height);
        Mask b = m.b.resize(width, height);
        assertEquals(width + " " + height, a.width() + " " + a.height());
        assertEquals(a.union(b), m.a.union(m.b).resize(width, height));
        assertEquals(a.inverse(), m.a.inverse().resize(width, height));
    }

    @Property(tries = 200, seed = "3")
    void enlargedAndBackIsTheSame(@ForAll("masks") Three m, @ForAll @IntRange(min = 1, max = 5) int times,
            @ForAll @IntRange(min = 1, max = 5) int timesDown) {
        Mask large = m.a.resize(m.a.width() * times, m.a.height() * timesDown);
        assertEquals(m.a.count() * times * timesDown, large.count());
        assertEquals(m.a, large.resize(m.a.width(), m.a.height()));
        assertSame(m.a, m.a.resize(m.a.width(), m.a.height()));
    }

    @Property(tries = 200, seed = "4")
    void growthIsByDiscs(@ForAll("masks") Three m, @ForAll @IntRange(max = 9) int radius) {
        Mask grown = m.a.dilate(radius);
        boolean[] expected = new boolean[m.a.pixels().length];
        int w = m.a.width();
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < expected.length && !expected[i]; k++) {
                int dx = i % w - k % w;
                int dy = i / w - k / w;
                expected[i] = m.a.pixels()[k] && dx * dx + dy * dy <= radius * radius;
            }
        }
        assertEquals(new Mask(w, m.a.height(), expected), grown);
        assertEquals(m.a.union(m.b).dilate(radius), grown.union(m.b.dilate(radius)));
        assertEquals(m.a.erode(radius).inverse(), m.a.inverse().dilate(radius));
        assertEquals(m.a.union(grown.erode(radius)), grown.erode(radius), "closing takes nothing away");
        assertEquals(m.a, m.a.union(m.a.erode(radius).dilate(radius)), "opening adds nothing");
    }

    @Property(tries = 200, seed = "5")
    void partsMakeTheWhole(@ForAll("masks") Three m, @ForAll @IntRange(max = 24) int cut) {
        int at = Math.min(cut, m.a.width());
        Mask left = m.a.crop(0, 0, at, m.a.height());
        Mask right = m.a.crop(at, 0, m.a.width() - at, m.a.height());
        assertEquals(m.a.count(), left.count() + right.count());
        assertEquals(m.a, m.a.crop(0, 0, m.a.width(), m.a.height()));
    }
}
