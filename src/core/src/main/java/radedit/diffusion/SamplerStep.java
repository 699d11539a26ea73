package radedit.diffusion;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * One step of a sampler for one picture. The latents are freed after the call that passes a step on; who wants to keep
 * them takes a copy by {@link Latents#toTensor}.
 *
 * @param sampler
 *            the sampler
 * @param index
 *            index of the step, 0 for the noisiest timestep; each takes one evaluation of the network
 * @param before
 *            the latent [1, channels, height, width] before the step
 * @param output
 *            the network's output for it, with guidance
 * @param free
 *            the latent before a kept region was pasted into it; null if none was
 * @param after
 *            the latent after the step
 */
public record SamplerStep(Sampler sampler, int index, Latents before, Latents output, @Nullable Latents free,
        Latents after) {
    /** {@return the clean latent x0 predicted from the latent before the step, on the host} */
    public Tensor clean() {
        try (Latents x0 = sampler.clean(before, output, index)) {
            return x0.toTensor();
        }
    }
}
