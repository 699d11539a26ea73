package radedit.diffusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Edit-friendly inversion (Huberman-Spiegelglas et al., arXiv:2304.06140): noises a latent to every level with
 * independent draws and finds the noise z that leads the sampler from each of these latents to the next.
 *
 * <p>
 * With N steps and timesteps t[0] &gt; ... &gt; t[N-1]: x[0] is the clean latent, x[N - i] its version at t[i], and
 * z[i] = (x[N - i - 1] - mu(x[N - i], eps)) / sigma, where eps is the network's prediction for x[N - i]. The draws are
 * independent, so the network can be run on any number of levels at once, and not at all on levels that the edit skips.
 * The last step has sigma 0, so that z[N-1] = 0 needs no prediction.
 *
 * @param x
 *            x[0] to x[N], each [1, channels, height, width]; those noisier than the first step's are null
 * @param z
 *            z[0] to z[N-1], of the same shape; those before the first step are null
 */
public record Inversion(List<Latents> x, List<Latents> z) {
    /** Receives the progress of an inversion. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after each batch of levels.
         *
         * @param done
         *            levels done
         * @param total
         *            levels in all
         */
        void levels(int done, int total);

        /**
         * Called with the latent noised to the level of a step, before any prediction; does nothing unless overridden.
         *
         * @param step
         *            index of the step
         * @param x
         *            the noised latent
         */
        default void noised(int step, Latents x) {}

        /**
         * Called with the noise of a step when it is known; does nothing unless overridden.
         *
         * @param step
         *            index of the step
         * @param z
         *            the noise
         * @param known
         *            whether an earlier call found it
         */
        default void found(int step, Latents z, boolean known) {}
    }

    /**
     * {@return the peak number of live latents: every level, its noise, the predictions of a batch and temporaries}
     *
     * @param steps
     *            number of steps, without skipped ones
     * @param batch
     *            levels per run of the network
     */
    public static int latents(int steps, int batch) {
        return 2 * steps + 1 + batch + 3;
    }

    /**
     * Inverts a latent.
     *
     * @param x0
     *            the clean latent [1, channels, height, width]
     * @param noise
     *            N draws of the same shape, standard normal; the first belongs to the smallest timestep
     * @param ddim
     *            the sampler, with N steps
     * @param unet
     *            predicts the noise
     * @param context
     *            embedding [1, tokens, channels] of the prompt to invert with
     * @param first
     *            index of the first step whose noise is needed
     * @param eta
     *            above 0 and at most 1
     * @param batch
     *            levels per run of the network
     * @param found
     *            z by index of the step, as earlier calls with the same arguments found it; the network is not run for
     *            these steps, and what is found for others is added. Null to keep nothing
     * @param progress
     *            called after each batch of levels
     * @return the inversion from the first step on
     */
    public static Inversion of(Tensor x0, List<Tensor> noise, Ddim ddim, NoisePredictor unet, Tensor context, int first,
            double eta, int batch, @Nullable Map<Integer, Tensor> found, Progress progress) {
        int[] t = ddim.timesteps();
        int n = t.length;
        List<Latents> x = new ArrayList<>(Collections.nCopies(n + 1, null));
        x.set(0, unet.put(x0));
        for (int i = first; i < n; i++) {
            Latents noised = unet.put(ddim.addNoise(x0, noise.get(n - 1 - i), t[i]));
            x.set(n - i, noised);
            progress.noised(i, noised);
        }
        List<Latents> z = new ArrayList<>(Collections.nCopies(n, null));
        z.set(n - 1, unet.put(Tensor.zeros(x0.shape())));
        List<Integer> missing = new ArrayList<>();
        for (int i = first; i < n - 1; i++) {
            Tensor known = found == null ? null : found.get(i);
            if (known == null) {
                missing.add(i);
            } else {
                Latents noiseOfStep = unet.put(known);
                z.set(i, noiseOfStep);
                progress.found(i, noiseOfStep, true);
            }
        }
        for (int from = 0; from < missing.size(); from += batch) {
            List<Integer> steps = missing.subList(from, Math.min(missing.size(), from + batch));
            List<Latents> noisy = steps.stream().map(i -> x.get(n - i)).toList();
            double[] at = steps.stream().mapToDouble(i -> t[i]).toArray();
            List<Latents> eps = unet.predict(noisy, at, Collections.nCopies(at.length, context));
            for (int k = 0; k < at.length; k++) {
                int i = steps.get(k);
                Latents noiseOfStep = ddim.noise(x.get(n - i), eps.get(k), t[i], eta, x.get(n - i - 1));
                z.set(i, noiseOfStep);
                progress.found(i, noiseOfStep, false);
                if (found != null) {
                    found.put(i, noiseOfStep.toTensor());
                }
            }
            eps.forEach(Latents::close);
            progress.levels(from + at.length, missing.size());
        }
        return new Inversion(x, z);
    }
}
