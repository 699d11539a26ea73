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
     */
    public record Plan(Tensor base, List<Tensor> prompts, double[] weights, Tensor edit, @Nullable Tensor keep,
            int first,
            double eta,
            Mode mode) {}

    private final Inversion inverted;
    private final Ddim ddim;
    private final Plan plan;
    private final Progress progress;
    private final int[] t;
    private final List<Tensor> contexts = new ArrayList<>();
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

    /** {@return what the next step needs a prediction for: the latent under the base prompt and under each prompt} */
    public NoisePredictor.Batch asks() {
        double[] at = new double[contexts.size()];
        Arrays.fill(at, t[next]);
        return new NoisePredictor.Batch(Collections.nCopies(at.length, y), at, contexts);
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
        try (Latents eps = Guidance.masked(predictions.getFirst(), predictions.subList(1, predictions.size()),
                plan.weights, plan.edit)) {
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
