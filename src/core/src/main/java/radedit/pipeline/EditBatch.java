package radedit.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import radedit.diffusion.NoisePredictor;
import radedit.exec.Cancellation;
import radedit.exec.CancelledException;
import radedit.tensor.Latents;

/**
 * Edits that are sampled together. Each is prepared and inverted in turn; then all do their steps at the same time, with
 * one prediction for all; then each is decoded and judged in turn, and those that need another try begin again. A sample's
 * prediction does not depend on the others in its batch, so neither does a result.
 *
 * <p>
 * An edit that fails leaves the others; those with fewer steps drop out and wait. Where a prediction for all is
 * cancelled or fails, each edit gets one of its own, so that it is known whose failure it is.
 */
final class EditBatch {
    private final List<EditTask> tasks;
    private final int batch;
    private final int latents;
    private final EditTask.Completion completion;
    private final BiConsumer<Integer, EditOutcome> ready;
    /** Whether a prediction for all has failed. */
    private boolean apart;

    /**
     * @param tasks
     *            at least one, with latents of the same size; if one has probes, it is alone
     * @param batch
     *            latents per run of the UNet
     * @param latents
     *            peak number of live latents
     * @param completion
     *            completes the settings of results
     * @param ready
     *            receives the outcome of each, by the request's number, as soon as it is known
     */
    EditBatch(List<EditTask> tasks, int batch, int latents, EditTask.Completion completion,
            BiConsumer<Integer, EditOutcome> ready) {
        this.tasks = tasks;
        this.batch = batch;
        this.latents = latents;
        this.completion = completion;
        this.ready = ready;
    }

    /**
     * Serves all.
     *
     * @param judges
     *            gives each its judge, or null
     * @param prepared
     *            called when all are prepared
     */
    void run(Function<EditTask, @Nullable EditJudge> judges, Runnable prepared) {
        List<EditTask> left = those(tasks, t -> {
            t.prepare(judges.apply(t));
            return true;
        });
        prepared.run();
        while (!left.isEmpty()) {
            left = decode(sample(left));
        }
    }

    /** {@return those tasks of which something holds; those for which it throws have failed} */
    private List<EditTask> those(List<EditTask> from, Predicate<EditTask> what) {
        List<EditTask> all = new ArrayList<>();
        for (EditTask t : from) {
            boolean holds;
            try {
                holds = what.test(t);
            } catch (RuntimeException e) {
                ready.accept(t.index, new EditOutcome(null, e));
                continue;
            }
            if (holds) {
                all.add(t);
            }
        }
        return all;
    }

    /** {@return the tasks whose next try is sampled, in their order} */
    private List<EditTask> sample(List<EditTask> from) {
        Set<EditTask> sampled = new HashSet<>();
        Networks networks = from.getFirst().job.networks();
        double[] schedule = from.stream().flatMapToDouble(t -> Arrays.stream(t.job.timesteps())).distinct().toArray();
        try (UNetPredictor unet = networks.predictor(from.getFirst().job.side(), batch, latents, schedule)) {
            List<EditTask> running = those(from, t -> {
                t.begin(unet, batch);
                return true;
            });
            while (!running.isEmpty()) {
                running = step(running, unet, sampled);
            }
        }
        return from.stream().filter(sampled::contains).toList();
    }

    /** {@return the tasks that have steps to do after this one; those that have not are added to a set} */
    private List<EditTask> step(List<EditTask> running, UNetPredictor unet, Set<EditTask> sampled) {
        List<NoisePredictor.Batch> asked = running.stream().map(EditTask::asks).toList();
        Iterator<NoisePredictor.Batch> each = asked.iterator();
        Iterator<Latents> predicted = predict(running, asked, unet).iterator();
        return those(running, t -> {
            NoisePredictor.Batch own = each.next();
            List<Latents> mine = new ArrayList<>();
            while (predicted.hasNext() && mine.size() < own.size()) {
                mine.add(predicted.next());
            }
            boolean last = t.step(mine.isEmpty() ? t.predict(own, unet) : mine);
            if (last) {
                sampled.add(t);
            }
            return !last;
        });
    }

    /** {@return the predictions for all tasks, one after the other; none if each task needs its own} */
    private List<Latents> predict(List<EditTask> running, List<NoisePredictor.Batch> asked, UNetPredictor unet) {
        if (apart || running.size() == 1 || running.stream().anyMatch(EditTask::isAlone)) {
            return List.of();
        }
        List<Cancellation> tokens = running.stream().map(EditTask::cancellation).filter(Objects::nonNull).toList();
        try {
            return unet.predict(NoisePredictor.Batch.joined(asked),
                    tokens.isEmpty() ? null : Cancellation.anyOf(tokens));
        } catch (CancelledException e) {
            return List.of(); // who was cancelled, its own prediction finds out
        } catch (RuntimeException e) {
            apart = true;
            running.getFirst().listener.note("edits cannot be sampled together (" + e.getMessage()
                    + "); each is sampled alone");
            return List.of();
        }
    }

    /** {@return the tasks that need another try} */
    private List<EditTask> decode(List<EditTask> sampled) {
        List<EditTask> again = new ArrayList<>();
        for (EditTask t : sampled) {
            EditOutcome outcome;
            try {
                outcome = t.finishTry() ? new EditOutcome(t.result(completion), null) : null;
            } catch (RuntimeException e) {
                outcome = new EditOutcome(null, e);
            }
            if (outcome == null) {
                again.add(t);
            } else {
                ready.accept(t.index, outcome);
            }
        }
        return again;
    }
}
