package radedit.pipeline;

import radedit.imaging.Picture;
import radedit.tensor.Tensor;

/**
 * What the network expects a picture to become, during denoising.
 *
 * @param index
 *            index of the picture among those of the request, from 0
 * @param done
 *            steps done
 * @param total
 *            steps in all
 * @param latent
 *            the predicted clean latent x0 [1, channels, height / 8, width / 8], scaled as the sampler needs it
 * @param decoder
 *            makes a small picture of the latent
 */
public record Preview(int index, int done, int total, Tensor latent, LinearDecoder decoder) {
    /** {@return a coarse picture of the latent, of one pixel per cell; see {@link LinearDecoder}} */
    public Picture picture() {
        return decoder.decode(latent);
    }
}
