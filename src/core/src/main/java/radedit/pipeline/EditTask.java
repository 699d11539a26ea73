package radedit.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** An edit request at work: one try after the other, until one is accepted or the last one is made. */
final class EditTask {
    /** Number of the request among those made together, from 0. */
    final int index;
    final EditRequest request;
    final Listener listener;
    final EditJob job;
    private final List<Judgement.Try> tries = new ArrayList<>();
    /** Null if there is nothing to judge by. */
    private @Nullable EditJudge judge;
    /** The try in progress; null between tries. */
    private EditJob.@Nullable Sampling sampling;
    /** The latent of a try that is sampled and not yet decoded. */
    private @Nullable Tensor sampled;
    private EditJob.@Nullable Outcome kept;
    private int made;
    private int best;

    EditTask(int index, EditRequest request, Listener listener, EditJob job) {
        this.index = index;
        this.request = request;
        this.listener = listener;
        this.job = job;
    }

    /**
     * Computes what all tries have in common.
     *
     * @param by
     *            scores the tries; null if there is nothing to judge by
     */
    void prepare(@Nullable EditJudge by) {
        judge = by;
        job.prepare();
    }

    @Nullable
    Cancellation cancellation() {
        return request.cancellation;
    }

    /** Begins the next try: draws its noise and inverts the film. */
    void begin(UNetPredictor unet, int batch) {
        sampling = job.begin(request.seed + made, unet, batch);
    }

    /** {@return what the next step of the try needs a prediction for} */
    NoisePredictor.Batch asks() {
        return current().editor().asks();
    }

    /** {@return whether its predictions cannot be made together with those of others} */
    boolean isAlone() {
        return current().cached() != null;
    }

    /** {@return predictions for this task alone} */
    List<Latents> predict(NoisePredictor.Batch asked, UNetPredictor unet) {
        NoisePredictor cached = current().cached();
        return cached == null
                ? unet.predict(asked, cancellation())
                : cached.predict(asked.latents(), asked.timesteps(), asked.contexts());
    }

    /**
     * Does a step.
     *
     * @param predictions
     *            what {@link #asks} wanted; they are closed
     * @return whether it was the try's last one
     */
    boolean step(List<Latents> predictions) {
        EditJob.Sampling s = current();
        s.editor().step(predictions);
        if (!s.editor().isFinished()) {
            return false;
        }
        sampled = job.latent(s);
        sampling = null;
        return true;
    }

    private EditJob.Sampling current() {
        if (sampling == null) {
            throw new IllegalStateException("no try is in progress");
        }
        return sampling;
    }

    /**
     * Decodes a sampled try and judges it.
     *
     * @return whether the request is done
     * @throws NotFiniteException
     *             if its latent has infinite or NaN values
     */
    boolean finishTry() {
        if (sampled == null) {
            throw new IllegalStateException("no try is sampled");
        }
        EditJob.Outcome outcome = job.decode(sampled);
        sampled = null;
        int k = made++;
        if (judge == null) {
            kept = outcome;
            return true;
        }
        tries.add(judge.judge(request.seed + k, outcome.image()));
        if (k == 0 || tries.get(k).isBetterThan(tries.get(best))) {
            kept = outcome;
            best = k;
        }
        return made >= request.tries || request.minScore == null || tries.get(best).score() >= request.minScore;
    }

    /**
     * {@return the result of a request that is done}
     *
     * @param completion
     *            adds to its settings what does not depend on the request
     */
    Result result(Completion completion) {
        EditJob.Outcome outcome = kept;
        if (outcome == null) {
            throw new IllegalStateException("no try is made");
        }
        Judgement judgement = null;
        Map<String, Object> s = new LinkedHashMap<>(job.settings(request.seed + best));
        if (judge != null) {
            judgement = new Judgement(tries, best, request.minScore);
            s.put("original_text", request.originalText);
            s.put("score", judge.report(judgement));
        }
        EditDetails edited = job.finished(outcome.image());
        if (edited.nativeEdit() != null) {
            s.put("native", edited.nativeEdit().measured());
        }
        s.putAll(request.notes);
        return new Result(outcome.image(), outcome.latent(), List.of(completion.complete(s, request, job.side())),
                judgement, edited);
    }

    /** Adds to the settings of a result what does not depend on the request. */
    @FunctionalInterface
    interface Completion {
        Map<String, Object> complete(Map<String, Object> settings, SamplingRequest<?> request, int side);
    }
}
