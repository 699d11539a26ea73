package radedit.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import radedit.diffusion.MaskBlend.Rule;

class MaskBlendTest {
    @Test
    void rules() {
        // three cells of 2 x 2 pixels: top-left only, all but top-left, half
        boolean[] mask = {true, false, false, true, false, true, false, false, true, true, false, true};
        assertArrayEquals(new double[]{1, 0, 0}, MaskBlend.toLatent(mask, 6, 2, 2, Rule.NEAREST).data());
        assertArrayEquals(new double[]{1, 1, 1}, MaskBlend.toLatent(mask, 6, 2, 2, Rule.ANY).data());
        assertArrayEquals(new double[]{0, 1, 0}, MaskBlend.toLatent(mask, 6, 2, 2, Rule.MAJORITY).data());
    }
}
