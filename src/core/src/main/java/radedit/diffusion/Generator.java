package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** Sampling from noise with classifier-free guidance, as diffusers' StableDiffusionPipeline does it. */
public final class Generator {
    /** Receives the result of each step. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after each step of each picture; the last picture of the batch completes the step.
         *
         * @param picture
         *            index of the picture in the batch
         * @param step
         *            the step
         */
        void step(int picture, SamplerStep step);
    }

    private Generator() {
    }

    /**
     * {@return the peak number of live latents: the batch, its predictions and temporaries}
     *
     * @param batch
     *            number of latents to denoise
     */
    public static int latents(int batch) {
        return 3 * batch + 6;
    }

    /**
     * {@return the denoised latents, of the shape of {@code noise}}
     *
     * @param noise
     *            [batch, channels, height, width], standard normal
     * @param ddim
     *            the sampler; eta is 0
     * @param unet
     *            predicts the noise
     * @param prompts
     *            an embedding [1, tokens, channels] for each latent
     * @param negative
     *            the embedding that guidance leads away from
     * @param scale
     *            guidance scale; the negative embedding is unused at 1 or less
     * @param progress
     *            called after each step of each picture
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
        List<Latents> x = new ArrayList<>();
        for (int k = 0; k < batch; k++) {
            x.add(unet.put(noise.slice(k, k + 1)));
        }
        for (int i = 0; i < timesteps.length; i++) {
            int[] t = new int[contexts.size()];
            Arrays.fill(t, timesteps[i]);
            List<Latents> in = new ArrayList<>(x);
            if (guided) {
                in.addAll(x);
            }
            List<Latents> out = unet.predict(in, t, contexts);
            for (int k = 0; k < batch; k++) {
                try (Latents last = x.get(k);
                        Latents eps = guided ? Guidance.combine(out.get(k), out.get(batch + k), scale) : out.get(k)) {
                    x.set(k, ddim.step(last, eps, timesteps[i], 0, null));
                    progress.step(k, new SamplerStep(ddim, i, last, eps, null, x.get(k)));
                }
            }
            out.forEach(Latents::close);
        }
        return Tensor.concat(x.stream().map(Latents::toTensor).toList());
    }
}
