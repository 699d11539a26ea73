package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import radedit.imaging.Mask;
import radedit.imaging.Picture;

class FitTest {
    @Test
    void shortSideThenCentre() {
        // a white column in the middle of a wide black film stays in the middle
        byte[] samples = new byte[60 * 20];
        boolean[] mask = new boolean[60 * 20];
        for (int y = 0; y < 20; y++) {
            for (int x = 28; x < 32; x++) {
                samples[y * 60 + x] = -1;
                mask[y * 60 + x] = true;
            }
        }
        Fit fit = new Fit(60, 20, 10);
        Picture p = fit.apply(new Picture(60, 20, 1, samples));
        Mask m = fit.apply(new Mask(60, 20, mask));
        assertEquals("10 x 10", p.width() + " x " + p.height());
        for (int x = 0; x < 10; x++) {
            assertEquals(x == 4 || x == 5, m.pixels()[50 + x], "column " + x);
            assertEquals(x == 4 || x == 5, p.get(x, 5, 0) > 127, "column " + x);
        }
    }

    @Test
    void nothingHappensToAFilmThatFits() {
        Picture p = new Picture(3, 3, 1, new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9});
        assertEquals(5, new Fit(3, 3, 3).apply(p).get(1, 1, 0));
    }
}
