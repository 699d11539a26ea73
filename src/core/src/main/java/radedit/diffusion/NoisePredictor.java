package radedit.diffusion;

import java.util.List;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** The network of a diffusion model. */
@FunctionalInterface
public interface NoisePredictor {
    /**
     * Predicts the noise in a batch of latents.
     *
     * @param latents
     *            each [1, channels, height, width], from {@link #put} or earlier predictions
     * @param timesteps
     *            one for each latent
     * @param contexts
     *            one text embedding [1, tokens, channels] for each latent; what is in a tensor that was given once stays
     * @return one of its shape for each latent
     */
    List<Latents> predict(List<Latents> latents, int[] timesteps, List<Tensor> contexts);

    /** Brings latents to where the network runs. */
    default Latents put(Tensor latents) {
        return latents;
    }
}
