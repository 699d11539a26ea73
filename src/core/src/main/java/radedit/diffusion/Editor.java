package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * RadEdit's sampler (Perez-Garcia, Bond-Taylor et al., arXiv:2312.12865, algorithm 3). It starts from an inverted
 * latent, applies the prompts' guidance inside the edit mask, and restores the kept region from the inversion after
 * every step.
 */
public final class Editor {
    /** Which behaviour to reproduce. */
    public enum Mode {
        /** That of the paper: inside the keep mask, the latent is replaced by the inversion's after every step. */
        PAPER,
        /**
         * That of the pipeline published with the weights: if there is a keep mask, everything outside the edit mask is
         * replaced by the inversion's latent of one step before, which is noisier; the content of the keep mask has no
         * effect.
         */
        RELEASED
    }

    /** Receives the result of each step. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after a step.
         *
         * @param step
         *            the step, of which the first has the plan's first index
         */
        void step(SamplerStep step);
    }

    /**
     * The prompts, masks and settings of an edit.
     *
     * @param base
     *            embedding [1, tokens, channels] of the prompt that the latent was inverted with
     * @param prompts
     *            embeddings of the edit prompts
     * @param weights
     *            guidance weight of each edit prompt
     * @param edit
     *            edit mask [1, 1, height, width] of 0 and 1
     * @param keep
     *            keep mask [1, 1, height, width] of 0 and 1; null for none
     * @param first
     *            index of the first step; earlier ones are skipped
     * @param eta
     *            above 0 and at most 1
     * @param mode
     *            which behaviour to reproduce
     */
    public record Plan(Tensor base, List<Tensor> prompts, double[] weights, Tensor edit, @Nullable Tensor keep,
            int first,
            double eta,
            Mode mode) {}

    private Editor() {
    }

    /**
     * {@return the peak number of live latents, excluding the inversion: the predictions, the masks and temporaries}
     *
     * @param branches
     *            embeddings per step: one plus the number of prompts
     */
    public static int latents(int branches) {
        return branches + 8;
    }

    /**
     * {@return the edited latent [1, channels, height, width]}
     *
     * @param inverted
     *            the inversion, from the plan's first step on
     * @param ddim
     *            the sampler that made the inversion
     * @param unet
     *            predicts the noise
     * @param plan
     *            the prompts, masks and settings
     * @param progress
     *            called after each step
     */
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
                Latents free = ddim.step(last, eps, t[i], plan.eta, inverted.z().get(i));
                y = plan.keep == null ? free : switch (plan.mode) {
                    case PAPER -> inverted.x().get(n - i - 1).where(plan.keep, free);
                    case RELEASED -> free.where(plan.edit, inverted.x().get(n - i));
                };
                progress.step(new SamplerStep(ddim, i, last, eps, plan.keep == null ? null : free, y));
                if (plan.keep != null) {
                    free.close();
                }
                if (i > plan.first) {
                    last.close();
                }
            }
            all.forEach(Latents::close);
        }
        return y.toTensor();
    }
}
