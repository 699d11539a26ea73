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
 *
 * <p>
 * An instance is one edit in progress. It asks for a prediction and waits for it, so that one run of the network can
 * serve several edits.
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
     * @param guided
     *            which steps are guided; at the others, weights above 1 are 1
     */
    public record Plan(Tensor base, List<Tensor> prompts, double[] weights, Tensor edit, @Nullable Tensor keep,
            int first,
            double eta,
            Mode mode,
            GuidedSteps guided) {}

    private final Inversion inverted;
    private final Ddim ddim;
    private final Plan plan;
    private final Progress progress;
    private final int[] t;
    private final List<Tensor> contexts = new ArrayList<>();
    /** Whether steps without guidance evaluate the prompt alone. */
    private final boolean promptOnly;
    /** Index of the step to come. */
    private int next;
    private Latents y;

    /**
     * Begins an edit.
     *
     * @param inverted
     *            the inversion, from the plan's first step on
     * @param ddim
     *            the sampler that made the inversion
     * @param plan
     *            the prompts, masks and settings
     * @param progress
     *            called after each step
     */
    public Editor(Inversion inverted, Ddim ddim, Plan plan, Progress progress) {
        this.inverted = inverted;
        this.ddim = ddim;
        this.plan = plan;
        this.progress = progress;
        this.t = ddim.timesteps();
        this.next = plan.first;
        this.y = inverted.x().get(t.length - plan.first);
        contexts.add(plan.base);
        contexts.addAll(plan.prompts);
        this.promptOnly = needOfBase(ddim, plan.weights, plan.edit, plan.keep, plan.mode) == null;
    }

    /**
     * {@return why steps without guidance evaluate the base prompt, too; null if they evaluate the prompt alone, because it has
     * the weight 1 then, and every cell outside the edit mask is pasted after the step}
     *
     * @param ddim
     *            the sampler
     * @param weights
     *            guidance weight of each edit prompt
     * @param edit
     *            edit mask [1, 1, height, width] of 0 and 1
     * @param keep
     *            keep mask of the same shape; null for none
     * @param mode
     *            which behaviour to reproduce
     */
    public static @Nullable String needOfBase(Ddim ddim, double[] weights, Tensor edit, @Nullable Tensor keep,
            Mode mode) {
        if (weights.length > 1) {
            return "there are several prompts";
        }
        if (weights[0] < 1) {
            return "the prompt's weight is below 1";
        }
        int free = 0;
        for (int i = 0; i < edit.data().length; i++) {
            boolean pasted = keep != null && (mode == Mode.RELEASED || keep.data()[i] != 0);
            free += edit.data()[i] == 0 && !pasted ? 1 : 0;
        }
        if (free > 0) {
            return free + " cells of the latent grid are neither in the edit mask nor kept";
        }
        return ddim.isLimited() ? "the sampler's threshold depends on all cells" : null;
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
        Editor editor = new Editor(inverted, ddim, plan, progress);
        while (!editor.isFinished()) {
            NoisePredictor.Batch b = editor.asks();
            editor.step(unet.predict(b.latents(), b.timesteps(), b.contexts()));
        }
        return editor.result();
    }

    /** {@return whether all steps are done} */
    public boolean isFinished() {
        return next == t.length;
    }

    /**
     * {@return what the next step needs a prediction for: the latent under the base prompt and under each prompt, or under the
     * prompt alone where it alone counts}
     */
    public NoisePredictor.Batch asks() {
        List<Tensor> asked = isPromptAlone() ? plan.prompts : contexts;
        double[] at = new double[asked.size()];
        Arrays.fill(at, t[next]);
        return new NoisePredictor.Batch(Collections.nCopies(at.length, y), at, asked);
    }

    private boolean isPromptAlone() {
        return promptOnly && !plan.guided.includes(next);
    }

    /** {@return the number of predictions that a step without guidance needs} */
    public int unguidedBranches() {
        return promptOnly ? plan.prompts.size() : contexts.size();
    }

    private Latents guided(List<Latents> predictions) {
        if (isPromptAlone()) {
            return predictions.getFirst();
        }
        double[] weights = plan.guided.includes(next)
                ? plan.weights
                : Arrays.stream(plan.weights).map(w -> Math.min(w, 1)).toArray();
        return Guidance.masked(predictions.getFirst(), predictions.subList(1, predictions.size()), weights, plan.edit);
    }

    /**
     * Does a step.
     *
     * @param predictions
     *            what the network says to {@link #asks}; they are closed
     */
    public void step(List<Latents> predictions) {
        int n = t.length;
        int i = next;
        try (Latents eps = guided(predictions)) {
            Latents last = y;
            Latents free = ddim.step(last, eps, t[i], plan.eta, inverted.z().get(i));
            y = plan.keep == null ? free : switch (plan.mode) {
                case PAPER -> inverted.x().get(n - i - 1).where(plan.keep, free);
                case RELEASED -> free.where(plan.edit, inverted.x().get(n - i));
            };
            next++;
            progress.step(new SamplerStep(ddim, i, last, eps, plan.keep == null ? null : free, y));
            if (plan.keep != null) {
                free.close();
            }
            if (i > plan.first) {
                last.close();
            }
        }
        predictions.forEach(Latents::close);
    }

    /** {@return the edited latent [1, channels, height, width], as the last step left it} */
    public Tensor result() {
        return y.toTensor();
    }
}
