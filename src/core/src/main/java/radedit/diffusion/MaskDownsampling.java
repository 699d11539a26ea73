package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Reduces masks of pixels to the latent grid. */
public final class MaskDownsampling {
    /** When a cell of the latent grid belongs to the mask. */
    public enum Rule {
        /** If its top-left pixel does, as in the published pipeline. */
        NEAREST,
        /** If any of its pixels does. */
        ANY,
        /** If more than half of its pixels do. */
        MAJORITY
    }

    private MaskDownsampling() {
    }

    /**
     * Reduces a mask of pixels to the latent grid.
     *
     * @param mask
     *            [height * width], row-major
     * @param width
     *            width in pixels
     * @param height
     *            height in pixels
     * @param factor
     *            pixels per cell in each direction; divides width and height
     * @param rule
     *            when a cell belongs to the mask
     * @return [1, 1, height / factor, width / factor] of 0 and 1
     */
    public static Tensor toLatent(boolean[] mask, int width, int height, int factor, Rule rule) {
        int w = width / factor;
        int h = height / factor;
        Tensor out = Tensor.zeros(Shape.of(1, 1, h, w));
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int set = 0;
                for (int i = 0; i < factor * factor; i++) {
                    set += mask[(y * factor + i / factor) * width + x * factor + i % factor] ? 1 : 0;
                }
                boolean in = switch (rule) {
                    case NEAREST -> mask[y * factor * width + x * factor];
                    case ANY -> set > 0;
                    case MAJORITY -> 2 * set > factor * factor;
                };
                out.data()[y * w + x] = in ? 1 : 0;
            }
        }
        return out;
    }
}
