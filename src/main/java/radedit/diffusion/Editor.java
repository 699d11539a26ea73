package radedit.diffusion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

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
        void step(int index, Tensor eps, Tensor latent);
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
    public record Plan(Tensor base, List<Tensor> prompts, double[] weights, Tensor edit, Tensor keep, int first,
            double eta,
            Mode mode) {}

    private Editor() {
    }

    /** The edited latent. */
    public static Tensor edit(Inversion inverted, Ddim ddim, NoisePredictor unet, Plan plan, Progress progress) {
        int[] t = ddim.timesteps();
        int n = t.length;
        int branches = 1 + plan.prompts.size();
        List<Tensor> contexts = new ArrayList<>(List.of(plan.base));
        contexts.addAll(plan.prompts);
        Tensor y = inverted.x().get(n - plan.first);
        for (int i = plan.first; i < n; i++) {
            int[] at = new int[branches];
            Arrays.fill(at, t[i]);
            Tensor all = unet.predict(Tensor.concat(Collections.nCopies(branches, y)), at, contexts);
            List<Tensor> conditional = new ArrayList<>();
            for (int k = 1; k < branches; k++) {
                conditional.add(all.slice(k, k + 1));
            }
            Tensor eps = Guidance.masked(all.slice(0, 1), conditional, plan.weights, plan.edit);
            y = ddim.step(y, eps, t[i], plan.eta, inverted.z().get(i));
            if (plan.keep != null) {
                y = switch (plan.mode) {
                    case PAPER -> MaskBlend.blend(plan.keep, inverted.x().get(n - i - 1), y);
                    case RELEASED -> MaskBlend.blend(plan.edit, y, inverted.x().get(n - i));
                };
            }
            progress.step(i, eps, y);
        }
        return y;
    }
}
