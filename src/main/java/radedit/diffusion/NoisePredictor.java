package radedit.diffusion;

import java.util.List;

import radedit.tensor.Tensor;

/** The network of a diffusion model. */
@FunctionalInterface
public interface NoisePredictor {
    /**
     * Predicts the noise in a batch of latents.
     *
     * @param latents
     *            [batch, channels, height, width]
     * @param timesteps
     *            one for each latent
     * @param contexts
     *            one text embedding [1, tokens, channels] for each latent
     * @return a tensor of the latents' shape
     */
    Tensor predict(Tensor latents, int[] timesteps, List<Tensor> contexts);
}
