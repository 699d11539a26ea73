package radedit.diffusion;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
 *            x[0] to x[N]
 * @param z
 *            z[i] for i from the first step on; earlier ones are null
 */
public record Inversion(List<Tensor> x, List<Tensor> z) {
    /** Hears of each level that is done. */
    @FunctionalInterface
    public interface Progress {
        void levels(int done, int total);
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
        List<Tensor> x = new ArrayList<>(Collections.nCopies(n + 1, x0));
        for (int i = 0; i < n; i++) {
            x.set(n - i, ddim.addNoise(x0, noise.get(n - 1 - i), t[i]));
        }
        List<Tensor> z = new ArrayList<>(Collections.nCopies(n, null));
        z.set(n - 1, Tensor.zeros(x0.shape()));
        int levels = Math.max(0, n - 1 - first);
        for (int from = first; from < n - 1; from += batch) {
            int to = Math.min(n - 1, from + batch);
            List<Tensor> noisy = new ArrayList<>();
            int[] at = new int[to - from];
            for (int i = from; i < to; i++) {
                noisy.add(x.get(n - i));
                at[i - from] = t[i];
            }
            Tensor eps = unet.predict(Tensor.concat(noisy), at, Collections.nCopies(to - from, context));
            for (int i = from; i < to; i++) {
                Tensor mean = ddim.mean(x.get(n - i), eps.slice(i - from, i - from + 1), t[i], eta);
                double sigma = ddim.sigma(t[i], eta);
                double[] next = x.get(n - i - 1).data();
                double[] zi = new double[next.length];
                for (int k = 0; k < zi.length; k++) {
                    zi[k] = (next[k] - mean.data()[k]) / sigma;
                }
                z.set(i, Tensor.of(x0.shape(), zi));
            }
            progress.levels(to - first, levels);
        }
        return new Inversion(x, z);
    }
}
