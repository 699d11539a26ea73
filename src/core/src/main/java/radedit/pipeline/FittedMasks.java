package radedit.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * The masks of an edit in the model's square.
 *
 * @param fit
 *            how the film is fitted to the square
 * @param edit
 *            where to change
 * @param keep
 *            what must stay; null for nothing
 */
record FittedMasks(Fit fit, LatentMask edit, @Nullable LatentMask keep) {
    /**
     * {@return the masks of a request}
     *
     * @param r
     *            the request
     * @param size
     *            side of the square, in pixels
     * @param cell
     *            pixels per latent cell
     */
    static FittedMasks of(EditRequest r, int size, int cell) {
        Fit fit = Fit.of(r.film.width(), r.film.height(), r.pixelAspect(), size, r.fit, r.resample);
        return new FittedMasks(fit, LatentMask.of(r.atFilmSize(r.editMask), fit, cell, r.maskRule),
                r.keepMask == null ? null : LatentMask.covering(r.atFilmSize(r.keepMask), fit, cell, r.keepRule));
    }
}
