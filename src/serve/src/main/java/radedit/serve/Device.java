package radedit.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.exec.BackendException;
import radedit.imaging.Film;
import radedit.imaging.Mask;
import radedit.imaging.mask.MaskSource;
import radedit.picture.Provenance;
import radedit.pipeline.EditRequest;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidRequestException;
import radedit.pipeline.Listener;
import radedit.pipeline.RadEdit;
import radedit.pipeline.Result;
import radedit.pipeline.RunOptions;
import radedit.pipeline.Scorer;
import radedit.weights.WeightsException;

/** Runs jobs on the model, one at a time, and writes their results. */
final class Device implements AutoCloseable {
    private final ModelFolder model;
    private final RunOptions options;
    private final RadEdit radEdit;
    private final JobInputs inputs;
    /** Null until a score is needed; always if the model has no image encoder. */
    private @Nullable Scorer scorer;
    private volatile Map<String, Object> made = Map.of();

    /** Opens the model. */
    Device(ModelFolder model, RunOptions options, JobInputs inputs) {
        this.model = model;
        this.options = options;
        this.inputs = inputs;
        this.radEdit = RadEdit.open(model, options, Listener.NONE);
    }

    int size() {
        return radEdit.size();
    }

    int cell() {
        return radEdit.cell();
    }

    boolean scores() {
        return model.find(Part.IMAGE_ENCODER).isPresent();
    }

    /** The settings of the last result, which say what makes pictures here; empty before. */
    Map<String, Object> made() {
        return made;
    }

    /**
     * Checks a request without serving it; a job that runs is not waited for.
     *
     * @throws HttpError
     *             if a setting is out of range, or not for this model
     */
    void check(GenerateRequest request) {
        refusing(() -> radEdit.check(request));
    }

    /** Likewise the settings of an edit, but neither film nor masks. */
    void check(EditRequest request) {
        refusing(() -> radEdit.check(request));
    }

    private void refusing(Runnable check) {
        try {
            check.run();
        } catch (InvalidRequestException e) {
            throw Words.refused(e, withoutPaths(Words.of(e)));
        } catch (WeightsException e) { // the model's scheduler has a setting that the sampler lacks
            throw new HttpError(422, "sampler", withoutPaths(Words.of(e)));
        }
    }

    /** A text with names of the model's parts in place of their paths, which are not for clients. */
    private String withoutPaths(String text) {
        String shown = text;
        for (Part part : Part.values()) {
            Optional<Path> path = model.find(part);
            if (path.isPresent()) {
                shown = shown.replace(path.get().toString(), "the model's " + part.folder());
            }
        }
        return shown;
    }

    void run(Job job) throws IOException {
        try {
            switch (job.kind()) {
                case EDIT -> edit(job);
                case GENERATION -> generate(job);
                case SCORE -> new ScoreWork(job, inputs, scorer()).run();
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (WeightsException e) {
            throw Words.refused(e, withoutPaths(Words.of(e)));
        }
    }

    /** The scorer for similarity maps; null, with a warning, if the model has none that can be used. */
    private @Nullable Scorer scorerOrNull(Job job) {
        try {
            return scores() ? scorer() : null;
        } catch (WeightsException | BackendException e) {
            job.warn("no similarity map: " + withoutPaths(Words.of(e)));
            return null;
        }
    }

    private Scorer scorer() {
        if (!scores()) {
            throw new HttpError(422, "the model has no image encoder and gives no scores");
        }
        if (scorer == null) {
            scorer = Scorer.open(model, options);
        }
        return scorer;
    }

    private void edit(Job job) throws IOException {
        JsonNode r = job.request();
        Film film = inputs.film(job, r);
        Mask given = MaskStore.read(inputs.editMask(job));
        Mask edit = EditMasks.edit(given, r);
        Mask keep = EditMasks.keep(inputs.hasKeepMask(job) ? MaskStore.read(inputs.keepMask(job)) : null, edit, r);
        ResultFiles files = new ResultFiles(job, inputs, film, edit, keep, scorerOrNull(job));
        List<EditRequest> requests = new ArrayList<>();
        for (int k = 0; k < r.get("count").asInt(); k++) {
            EditRequest request = Requests.edit(film, edit, keep, r).seed(r.get("seed").asLong() + k)
                    .cancellation(job.cancellation());
            note(request, job, r);
            requests.add(request);
        }
        for (int from = 0; from < requests.size(); from += radEdit.editsTogether()) {
            int first = from;
            List<EditRequest> some = requests.subList(from,
                    Math.min(requests.size(), from + radEdit.editsTogether()));
            radEdit.editAll(some, k -> listener(job, first + k + 1, r), (k, outcome) -> {
                Result result = outcome.get();
                made = result.settings().getFirst();
                files.write(first + k + 1, result);
            });
        }
    }

    /** Records what the edit was made of: hashes, no names, since they may be a patient's. */
    private void note(EditRequest request, Job job, JsonNode r) throws IOException {
        request.note("inputs", new Provenance(false).file("film", inputs.film(job))
                .masks("edit_mask", sources(job.internal().get("edit_mask"), inputs.editMask(job)))
                .masks("keep_mask", inputs.hasKeepMask(job)
                        ? sources(job.internal().get("keep_mask"), inputs.keepMask(job))
                        : List.of())
                .inputs());
        request.note("grow_edit_mask", r.get("grow_edit_mask").asInt())
                .note("invert_edit_mask", r.get("invert_edit_mask").asBoolean())
                .note("free_band", r.get("free_band").asInt());
    }

    private static List<MaskSource> sources(JsonNode words, Path file) {
        List<MaskSource> all = new ArrayList<>();
        words.forEach(w -> all.add(MaskSource.of(w.asText())));
        return all.isEmpty() ? List.of(MaskSource.of(file.toString())) : all;
    }

    private void generate(Job job) {
        JsonNode r = job.request();
        GenerateRequest request = Requests.generation(r).cancellation(job.cancellation());
        ResultFiles files = new ResultFiles(job, inputs, null, null, null, scorerOrNull(job));
        radEdit.generate(request, listener(job, 1, r), (k, result) -> {
            made = result.settings().getFirst();
            files.write(k, result);
        });
    }

    private JobListener listener(Job job, int result, JsonNode r) {
        return new JobListener(job, result, text -> withoutPaths(text.replace(inputs.film(job).toString(), "the film")),
                r.get("previews").asBoolean());
    }

    @Override
    public void close() {
        if (scorer != null) {
            scorer.close();
        }
        radEdit.close();
    }
}
