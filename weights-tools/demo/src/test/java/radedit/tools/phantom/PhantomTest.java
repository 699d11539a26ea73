package radedit.tools.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.imaging.Mask;

class PhantomTest {
    private static final int SIZE = 128;

    @Test
    void sameSeedSamePhantomAndFilm() {
        for (long seed = 1; seed <= 5; seed++) {
            Phantom a = Phantom.draw(seed);
            Film film = PhantomRenderer.render(a, SIZE);
            Film again = PhantomRenderer.render(Phantom.draw(seed), SIZE);
            assertEquals(a.toString().replaceAll("borders=[^,]+", ""),
                    Phantom.draw(seed).toString().replaceAll("borders=[^,]+", ""));
            assertArrayEquals(film.picture().samples(), again.picture().samples());
            assertEquals(film.masks(), again.masks());
            assertTrue(!Phantom.draw(seed + 100).anatomy().equals(a.anatomy()));
        }
    }

    @Test
    void thePatientsLeftIsOnThePicturesRight() {
        for (int i = 0; i < 60; i++) {
            Phantom p = Phantom.inSeries(3, i);
            Film film = PhantomRenderer.render(p, SIZE);
            film.masks().forEach((name, mask) -> {
                double x = centre(mask);
                if (name.endsWith("-right")) {
                    assertTrue(x < SIZE / 2.0, name + " at " + x);
                } else if (name.endsWith("-left")) {
                    assertTrue(x > SIZE / 2.0, name + " at " + x);
                }
            });
            assertTrue(centre(film.masks().get("heart")) > SIZE / 2.0, "the heart lies to the left");
        }
    }

    @ParameterizedTest
    @EnumSource(Finding.Kind.class)
    void findingsLieWhereTheyBelong(Finding.Kind kind) {
        for (Side side : Side.values()) {
            for (long seed = 0; seed < 10; seed++) {
                Phantom p = Phantom.draw(seed, List.of(kind), side);
                Map<String, Mask> masks = PhantomRenderer.render(p, SIZE).masks();
                boolean paired = kind != Finding.Kind.CARDIOMEGALY;
                Mask finding = masks.get(paired ? kind.word() + "-" + side.word() : kind.word());
                Mask home = masks.get(paired ? "lung-" + side.word() : "heart");
                assertTrue(finding.count() > 60, kind + " has " + finding.count() + " pixels");
                assertEquals(finding.count(), finding.overlap(home), kind + " inside its organ");
                assertEquals(0, masks.get("lung-left").overlap(masks.get("lung-right")));
                assertEquals(0, masks.get("heart").overlap(masks.get("lung-left")));
            }
        }
    }

    @Test
    void findingsStandOutFromTheNoise() {
        double least = Double.MAX_VALUE;
        for (Finding.Kind kind : List.of(Finding.Kind.EFFUSION, Finding.Kind.PNEUMOTHORAX, Finding.Kind.CONSOLIDATION,
                Finding.Kind.NODULE)) {
            for (long seed = 0; seed < 10; seed++) {
                Phantom p = Phantom.draw(seed, List.of(kind), Side.RIGHT);
                Film with = PhantomRenderer.render(p, SIZE);
                Film without = PhantomRenderer.render(p.without(kind), SIZE);
                Mask mask = with.masks().get(kind.word() + "-right");
                double sum = 0;
                for (int i = 0; i < mask.pixels().length; i++) {
                    sum += mask.pixels()[i]
                            ? Math.abs((with.picture().samples()[i] & 0xFF) - (without.picture().samples()[i] & 0xFF))
                            : 0;
                }
                least = Math.min(least, sum / mask.count());
            }
        }
        System.out.printf("a finding changes its region by %.1f grey levels at least%n", least);
        assertTrue(least > 20, "" + least);
    }

    @Test
    void drainsGoWithPneumothoraxMostly() {
        int pneumothorax = 0;
        int both = 0;
        int drainAlone = 0;
        for (int i = 0; i < 5000; i++) {
            Phantom p = Phantom.inSeries(8, i);
            for (Side side : Side.values()) {
                boolean has = p.has(Finding.Kind.PNEUMOTHORAX, side);
                boolean drain = p.has(Device.Kind.DRAIN, side);
                pneumothorax += has ? 1 : 0;
                both += has && drain ? 1 : 0;
                drainAlone += !has && drain ? 1 : 0;
            }
        }
        assertEquals(Phantom.DRAIN_WITH_PNEUMOTHORAX, both / (double) pneumothorax, 0.04);
        assertTrue(drainAlone > 100, drainAlone + " drains without pneumothorax");
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 200, 256})
    void anySizeShowsTheSame(int size) {
        Phantom p = Phantom.draw(4, List.of(Finding.Kind.EFFUSION), Side.LEFT);
        Film small = PhantomRenderer.render(p, SIZE);
        Film film = PhantomRenderer.render(p, size);
        assertEquals(size, film.picture().width());
        small.masks().forEach((name, mask) -> {
            double expected = mask.count() / (double) (SIZE * SIZE);
            assertEquals(expected, film.masks().get(name).count() / (double) (size * size), 0.004, name);
        });
    }

    private static double centre(Mask mask) {
        double sum = 0;
        for (int i = 0; i < mask.pixels().length; i++) {
            sum += mask.pixels()[i] ? i % mask.width() + 0.5 : 0;
        }
        return sum / mask.count();
    }
}
