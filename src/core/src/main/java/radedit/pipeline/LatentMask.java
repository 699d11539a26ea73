package radedit.pipeline;

import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Mask;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * A mask of a film, in the model's square and on the latent grid.
 *
 * @param pixels
 *            the mask in the square
 * @param cells
 *            [1, 1, side, side] of 0 and 1
 * @param visiblePixels
 *            number of the film's mask pixels that lie in the square
 * @param coveredPixels
 *            number of those that lie in a cell that is set
 */
record LatentMask(Mask pixels, Tensor cells, int visiblePixels, int coveredPixels) {
    /**
     * Resizes a mask to the square by nearest neighbour, then applies the rule to the pixels there.
     *
     * @param film
     *            the mask, of the film's size
     * @param fit
     *            how the film is fitted to the square
     * @param factor
     *            pixels per cell in each direction
     * @param rule
     *            when a cell belongs to the mask
     */
    static LatentMask of(Mask film, Fit fit, int factor, MaskDownsampling.Rule rule) {
        Mask pixels = fit.apply(film);
        return of(film, fit, pixels, MaskDownsampling.toLatent(pixels.pixels(), fit.size(), fit.size(), factor, rule));
    }

    /**
     * Does what {@link #of(Mask, Fit, int, MaskDownsampling.Rule)} does, except that {@link MaskDownsampling.Rule#ANY}
     * sets every cell that a pixel of the film's mask touches, so that no thin structure is lost by resizing.
     */
    static LatentMask covering(Mask film, Fit fit, int factor, MaskDownsampling.Rule rule) {
        if (rule != MaskDownsampling.Rule.ANY) {
            return of(film, fit, factor, rule);
        }
        return of(film, fit, fit.apply(film),
                MaskDownsampling.toLatent(fit.coverage(film).pixels(), fit.size(), fit.size(), factor, rule));
    }

    private static LatentMask of(Mask film, Fit fit, Mask pixels, Tensor cells) {
        int side = cells.shape().dim(3);
        int factor = fit.size() / side;
        int visiblePixels = 0;
        int coveredPixels = 0;
        for (int i = 0; i < film.pixels().length; i++) {
            if (!film.pixels()[i]) {
                continue;
            }
            int x = fit.column(i % film.width());
            int y = fit.row(i / film.width());
            if (x >= 0 && y >= 0 && x < fit.size() && y < fit.size()) {
                visiblePixels++;
                coveredPixels += cells.data()[y / factor * side + x / factor] > 0 ? 1 : 0;
            }
        }
        return new LatentMask(pixels, cells, visiblePixels, coveredPixels);
    }

    /** {@return the number of cells that are set} */
    int cellCount() {
        int n = 0;
        for (double v : cells.data()) {
            n += v > 0 ? 1 : 0;
        }
        return n;
    }

    /** {@return the number of cells that are set in both masks} */
    int overlap(LatentMask other) {
        int n = 0;
        for (int i = 0; i < cells.data().length; i++) {
            n += cells.data()[i] > 0 && other.cells.data()[i] > 0 ? 1 : 0;
        }
        return n;
    }

    /** {@return the share of the mask's pixels in the square that lie in a cell that is not set, 0 to 1} */
    double droppedShare() {
        return visiblePixels == 0 ? 0 : 1 - (double) coveredPixels / visiblePixels;
    }

    /** {@return the pixels of the square whose cell is set} */
    Mask cellPixels() {
        Shape grid = cells.shape();
        int factor = pixels.width() / grid.dim(3);
        boolean[] out = new boolean[pixels.pixels().length];
        for (int i = 0; i < out.length; i++) {
            int x = i % pixels.width() / factor;
            int y = i / pixels.width() / factor;
            out[i] = cells.data()[y * grid.dim(3) + x] > 0;
        }
        return new Mask(pixels.width(), pixels.height(), out);
    }
}
