package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * RadEdit's sampler (Perez-Garcia, Bond-Taylor et al., arXiv:2312.12865, algorithm 3): from an inverted latent, denoises
 * under the prompts inside the edit mask and pastes the kept region back at every step.
 */
public final class Editor {
    /** Which behaviour to reproduce. */
    public enum Mode {
        /** The paper's: the keep mask is pasted from the inversion after every step. */
        PAPER,
        /**
         * That of the pipeline published with the weights: where a keep mask is given, all outside the edit mask is set
         * to the inverted latent one step noisier, and the keep mask itself has no effect.
         */
        RELEASED
    }

    /** Hears of each step: its index, the guided prediction, the latent after it. */
    @FunctionalInterface
    public interface Progress {
        void step(int index, Latents eps, Latents latent);
    }

    /**
     * What to do.
     *
     * @param base
     *            embedding of the prompt the latent was inverted with
     * @param prompts
     *            embeddings of the edit prompts, each with its weight
     * @param edit
     *            [1, 1, height, width] of 0 and 1
     * @param keep
     *            the same; null for none
     * @param first
     *            the first step; earlier ones are skipped
     */
    public record Plan(Tensor base, List<Tensor> prompts, double[] weights, Tensor edit, @Nullable Tensor keep,
            int first,
            double eta,
            Mode mode) {}

    private Editor() {
    }

    /** Latents that there are at a time beside the inversion: the predictions, the masks, and a few on the way. */
    public static int latents(int branches) {
        return branches + 8;
    }

    /** The edited latent. */
    public static Tensor edit(Inversion inverted, Ddim ddim, NoisePredictor unet, Plan plan, Progress progress) {
        int[] t = ddim.timesteps();
        int n = t.length;
        int branches = 1 + plan.prompts.size();
        List<Tensor> contexts = new ArrayList<>(List.of(plan.base));
        contexts.addAll(plan.prompts);
        Latents y = inverted.x().get(n - plan.first);
        for (int i = plan.first; i < n; i++) {
            int[] at = new int[branches];
            Arrays.fill(at, t[i]);
            List<Latents> all = unet.predict(Collections.nCopies(branches, y), at, contexts);
            try (Latents eps = Guidance.masked(all.getFirst(), all.subList(1, branches), plan.weights, plan.edit)) {
                Latents last = y;
                y = ddim.step(last, eps, t[i], plan.eta, inverted.z().get(i));
                if (i > plan.first) {
                    last.close();
                }
                if (plan.keep != null) {
                    try (Latents free = y) {
                        y = switch (plan.mode) {
                            case PAPER -> inverted.x().get(n - i - 1).where(plan.keep, free);
                            case RELEASED -> free.where(plan.edit, inverted.x().get(n - i));
                        };
                    }
                }
                progress.step(i, eps, y);
            }
            all.forEach(Latents::close);
        }
        return y.toTensor();
    }
}
