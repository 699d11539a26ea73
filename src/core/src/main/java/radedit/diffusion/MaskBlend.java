package radedit.diffusion;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/** Masks on the grid of the latent: how they get there. */
public final class MaskBlend {
    /** When a cell of the latent grid belongs to the mask. */
    public enum Rule {
        /** If its top-left pixel does, as the published pipeline has it. */
        NEAREST,
        /** If any of its pixels does. */
        ANY,
        /** If more than half of its pixels do. */
        MAJORITY
    }

    private MaskBlend() {
    }

    /**
     * Brings a mask of pixels to the latent grid.
     *
     * @param mask
     *            one entry for each pixel, row by row
     * @param factor
     *            pixels of a cell in each direction; divides width and height
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
