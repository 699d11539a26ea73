package radedit.diffusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Edit-friendly inversion (Huberman-Spiegelglas et al., arXiv:2304.06140): noises a latent to every level with
 * independent draws and finds the noise z that leads the sampler from each of them to the next.
 *
 * <p>
 * With N steps and timesteps t[0] &gt; ... &gt; t[N-1]: x[0] is the clean latent, x[N - i] its version at t[i], and
 * z[i] = (x[N - i - 1] - mu(x[N - i], eps)) / sigma, where eps is the network's prediction for x[N - i]. The draws do not
 * depend on each other, so the network can see any number of levels at once, and levels that the edit skips need not be
 * seen at all. The last step has sigma 0: z[N-1] = 0 without asking the network.
 *
 * @param x
 *            x[0] to x[N]; those noisier than the first step are null
 * @param z
 *            z[i] for i from the first step on; earlier ones are null
 */
public record Inversion(List<Latents> x, List<Latents> z) {
    /** Hears of each level that is done. */
    @FunctionalInterface
    public interface Progress {
        void levels(int done, int total);
    }

    /** Latents that there are at a time: every level, its noise, the predictions of a batch, and a few on the way. */
    public static int latents(int steps, int batch) {
        return 2 * steps + 1 + batch + 3;
    }

    /**
     * Inverts a latent.
     *
     * @param noise
     *            N draws [1, channels, height, width]; the first belongs to the smallest timestep
     * @param first
     *            the first step whose noise is needed
     * @param batch
     *            levels that the network sees at once
     */
    public static Inversion of(Tensor x0, List<Tensor> noise, Ddim ddim, NoisePredictor unet, Tensor context, int first,
            double eta, int batch, Progress progress) {
        int[] t = ddim.timesteps();
        int n = t.length;
        List<Latents> x = new ArrayList<>(Collections.nCopies(n + 1, null));
        x.set(0, unet.put(x0));
        for (int i = first; i < n; i++) {
            x.set(n - i, unet.put(ddim.addNoise(x0, noise.get(n - 1 - i), t[i])));
        }
        List<Latents> z = new ArrayList<>(Collections.nCopies(n, null));
        z.set(n - 1, unet.put(Tensor.zeros(x0.shape())));
        int levels = Math.max(0, n - 1 - first);
        for (int from = first; from < n - 1; from += batch) {
            int to = Math.min(n - 1, from + batch);
            List<Latents> noisy = new ArrayList<>();
            int[] at = new int[to - from];
            for (int i = from; i < to; i++) {
                noisy.add(x.get(n - i));
                at[i - from] = t[i];
            }
            List<Latents> eps = unet.predict(noisy, at, Collections.nCopies(to - from, context));
            for (int i = from; i < to; i++) {
                z.set(i, ddim.noise(x.get(n - i), eps.get(i - from), t[i], eta, x.get(n - i - 1)));
            }
            eps.forEach(Latents::close);
            progress.levels(to - first, levels);
        }
        return new Inversion(x, z);
    }
}
