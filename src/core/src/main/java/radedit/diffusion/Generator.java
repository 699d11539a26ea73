package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
     * {@return the peak number of live latents: the batch, what the network sees, its predictions, what the sampler remembers,
     * and temporaries}
     *
     * @param batch
     *            number of latents to denoise
     * @param sampler
     *            the sampler
     */
    public static int latents(int batch, Sampler sampler) {
        int scaled = sampler.inputScale(0) == 1 ? 0 : 1;
        return (3 + scaled + sampler.remembered()) * batch + 6;
    }

    /**
     * {@return the denoised latents, of the shape of {@code noise}}
     *
     * @param noise
     *            [batch, channels, height, width], standard normal
     * @param sampler
     *            the sampler
     * @param unet
     *            predicts what the sampler's configuration says
     * @param prompts
     *            an embedding [1, tokens, channels] for each latent
     * @param negative
     *            the embedding that guidance leads away from
     * @param scale
     *            guidance scale; the negative embedding is unused at 1 or less
     * @param steps
     *            which steps are guided; the others see the prompts only
     * @param random
     *            draws the noise of steps that add some: [batch, channels, height, width] for each, in their order
     * @param progress
     *            called after each step of each picture
     */
    public static Tensor generate(Tensor noise, Sampler sampler, NoisePredictor unet, List<Tensor> prompts,
            Tensor negative, double scale, GuidedSteps steps, Noise random, Progress progress) {
        int batch = prompts.size();
        List<Tensor> pairs = new ArrayList<>();
        for (Tensor prompt : prompts) { // those of a picture are neighbours, so that the network sees what they share
            pairs.add(negative);
            pairs.add(prompt);
        }
        double[] timesteps = sampler.networkTimesteps();
        List<Latents> x = new ArrayList<>();
        List<Sampler.Trajectory> trajectories = new ArrayList<>();
        double initial = sampler.initialScale();
        for (int k = 0; k < batch; k++) {
            x.add(unet.put(noise.slice(k, k + 1).map(v -> initial * v)));
            trajectories.add(sampler.start());
        }
        for (int i = 0; i < timesteps.length; i++) {
            boolean guided = scale > 1 && steps.includes(i);
            List<Latents> out = predict(x, guided ? 2 : 1, timesteps[i], sampler.inputScale(i), unet,
                    guided ? pairs : prompts);
            Tensor drawn = sampler.drawsNoise(i) ? random.randn(noise.shape()) : null;
            for (int k = 0; k < batch; k++) {
                try (Latents last = x.get(k);
                        Latents eps = guided ? Guidance.combine(out.get(2 * k), out.get(2 * k + 1), scale) : out.get(k);
                        Latents added = drawn == null ? null : unet.put(drawn.slice(k, k + 1))) {
                    x.set(k, trajectories.get(k).next(last, eps, added));
                    progress.step(k, new SamplerStep(sampler, i, last, eps, null, x.get(k)));
                }
            }
            out.forEach(Latents::close);
        }
        trajectories.forEach(Sampler.Trajectory::close);
        return Tensor.concat(x.stream().map(Latents::toTensor).toList());
    }

    /** {@return the predictions for each latent, under each of a number of neighbouring embeddings} */
    private static List<Latents> predict(List<Latents> x, int branches, double timestep, double inputScale,
            NoisePredictor unet,
            List<Tensor> contexts) {
        List<Latents> scaled = inputScale == 1
                ? x
                : x.stream().map(l -> l.sum(new double[]{inputScale})).toList();
        List<Latents> in = new ArrayList<>();
        scaled.forEach(l -> in.addAll(Collections.nCopies(branches, l)));
        double[] t = new double[in.size()];
        Arrays.fill(t, timestep);
        List<Latents> out = unet.predict(in, t, contexts);
        if (inputScale != 1) {
            scaled.forEach(Latents::close);
        }
        return out;
    }
}
