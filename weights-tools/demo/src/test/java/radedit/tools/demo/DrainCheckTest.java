package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import radedit.imaging.Mask;
import radedit.imaging.Picture;

/** A drain counts as kept if it is whole, not if parts of it are left. */
class DrainCheckTest {
    private static final int SIZE = 32;

    /** A vertical line of two pixels from one row to another on a ground of 60. */
    private static Picture film(int from, int to, int level) {
        byte[] samples = new byte[SIZE * SIZE];
        for (int i = 0; i < samples.length; i++) {
            boolean line = i % SIZE / 2 == 5 && i / SIZE >= from && i / SIZE < to;
            samples[i] = (byte) (line ? level : 60);
        }
        return new Picture(SIZE, SIZE, 1, samples);
    }

    private static double kept(Picture after) {
        Picture before = film(4, 24, 160);
        boolean[] drain = new boolean[SIZE * SIZE];
        for (int i = 0; i < drain.length; i++) {
            drain[i] = before.samples()[i] != 60;
        }
        return new DrainCheck(new Mask(SIZE, SIZE, drain), Mask.filled(SIZE, SIZE, true)).kept(before, after);
    }

    @Test
    void rowsAreCounted() {
        assertEquals(1, kept(film(4, 24, 160)));
        assertEquals(1, kept(film(4, 24, 110)), "half of the contrast");
        assertEquals(0, kept(film(4, 24, 109)));
        assertEquals(0, kept(film(0, 0, 0)));
        assertEquals(0.75, kept(film(9, 24, 160)), "without its first five rows of twenty");
        assertEquals(0.5, kept(film(14, 32, 160)));
    }
}
