package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import radedit.tensor.Tensor;

/** Sampling from noise with classifier-free guidance, as diffusers' StableDiffusionPipeline does it. */
public final class Generator {
    /** Hears of each step that is done. */
    @FunctionalInterface
    public interface Progress {
        void steps(int done, int total);
    }

    private Generator() {
    }

    /**
     * Denoises a batch of latents.
     *
     * @param noise
     *            [batch, channels, height, width], standard normal
     * @param prompts
     *            an embedding [1, tokens, channels] for each latent
     * @param negative
     *            the embedding to be guided away from
     * @param scale
     *            guidance scale; up to 1 the negative embedding is not used
     */
    public static Tensor generate(Tensor noise, Ddim ddim, NoisePredictor unet, List<Tensor> prompts, Tensor negative,
            double scale, Progress progress) {
        int batch = prompts.size();
        boolean guided = scale > 1;
        List<Tensor> contexts = new ArrayList<>();
        if (guided) {
            prompts.forEach(p -> contexts.add(negative));
        }
        contexts.addAll(prompts);
        int[] timesteps = ddim.timesteps();
        Tensor x = noise;
        for (int i = 0; i < timesteps.length; i++) {
            int[] t = new int[contexts.size()];
            Arrays.fill(t, timesteps[i]);
            Tensor out = unet.predict(guided ? Tensor.concat(List.of(x, x)) : x, t, contexts);
            Tensor eps = guided ? Guidance.combine(out.slice(0, batch), out.slice(batch, 2 * batch), scale) : out;
            x = ddim.step(x, eps, timesteps[i], 0, null);
            progress.steps(i + 1, timesteps.length);
        }
        return x;
    }
}
