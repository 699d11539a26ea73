package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import radedit.diffusion.MaskDownsampling.Rule;

class MaskDownsamplingTest {
    @Test
    void rules() {
        // three cells of 2 x 2 pixels: top-left only, all but top-left, half
        boolean[] mask = {true, false, false, true, false, true, false, false, true, true, false, true};
        assertArrayEquals(new double[]{1, 0, 0}, MaskDownsampling.toLatent(mask, 6, 2, 2, Rule.NEAREST).data());
        assertArrayEquals(new double[]{1, 1, 1}, MaskDownsampling.toLatent(mask, 6, 2, 2, Rule.ANY).data());
        assertArrayEquals(new double[]{0, 1, 0}, MaskDownsampling.toLatent(mask, 6, 2, 2, Rule.MAJORITY).data());
    }

    @Test
    void cellsOfThreePixelsInTwoRows() {
        boolean[] mask = new boolean[6 * 6];
        mask[0] = true; // top-left of the first cell
        mask[3 * 6 + 3] = true; // and of the last
        mask[6 * 4 + 4] = true;
        for (int i : new int[]{18, 19, 20, 24, 25}) { // five of the nine of the third
            mask[i] = true;
        }
        assertArrayEquals(new double[]{1, 0, 1, 1}, MaskDownsampling.toLatent(mask, 6, 6, 3, Rule.NEAREST).data());
        assertArrayEquals(new double[]{1, 0, 1, 1}, MaskDownsampling.toLatent(mask, 6, 6, 3, Rule.ANY).data());
        assertArrayEquals(new double[]{0, 0, 1, 0}, MaskDownsampling.toLatent(mask, 6, 6, 3, Rule.MAJORITY).data());
        mask[18] = false;
        assertArrayEquals(new double[]{1, 0, 0, 1}, MaskDownsampling.toLatent(mask, 6, 6, 3, Rule.NEAREST).data());
        assertArrayEquals(new double[]{0, 0, 0, 0}, MaskDownsampling.toLatent(mask, 6, 6, 3, Rule.MAJORITY).data());
    }
}
