package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import radedit.tensor.Latents;
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

    /** Latents that there are at a time: the batch, the predictions for it, and a few on the way. */
    public static int latents(int batch) {
        return 3 * batch + 6;
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
                }
            }
            out.forEach(Latents::close);
            progress.steps(i + 1, timesteps.length);
        }
        return Tensor.concat(x.stream().map(Latents::toTensor).toList());
    }
}
