package radedit.metrics.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;

import org.junit.jupiter.api.Test;

/** Identities, and what is refused. */
class ImageTest {
    @Test
    void aPictureIsLikeItself() {
        double[] a = new Random(1).doubles(20 * 30).toArray();
        assertEquals(1, Ssim.uniform(a, a, 30, 20, 1).mean());
        assertEquals(1, Ssim.gaussian(a, a, 20, 30, 1).mean());
        assertEquals(Double.POSITIVE_INFINITY, Psnr.of(a, a, 1));
        assertEquals(0, AbsoluteChange.of(a, a).largest());
    }

    @Test
    void bytesAreUnsigned() {
        assertArrayEquals(new double[]{0, 127, 128, 255}, GreyLevels.of(new byte[]{0, 127, -128, -1}));
    }

    @Test
    void wrongArgumentsAreRefused() {
        double[] a = new double[49];
        refused("a picture of 6 x 8 pixels is smaller than the window of 7 x 7",
                () -> Ssim.uniform(a, a, 6, 8, 1));
        refused("a picture of 7 x 7 pixels is smaller than the window of 11 x 11",
                () -> Ssim.gaussian(a, a, 7, 7, 1));
        refused("the picture has 49 values, not 8 x 7", () -> Ssim.uniform(a, a, 8, 7, 1));
        refused("data range 0.0 is not positive", () -> Ssim.uniform(a, a, 7, 7, 0));
        refused("data range NaN is not positive", () -> Psnr.of(a, a, Double.NaN));
        refused("a picture without pixels", () -> Psnr.of(new double[0], new double[0], 1));
        refused("there are 49 pixels before but 1 after", () -> AbsoluteChange.of(a, new double[1]));
        refused("there are 49 pixels but 1 in the mask", () -> AbsoluteChange.inside(a, a, new boolean[1]));
        refused("level after [0] is NaN, not a finite number",
                () -> AbsoluteChange.of(new double[1], new double[]{Double.NaN}));
    }

    private static void refused(String message, Runnable what) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }
}
