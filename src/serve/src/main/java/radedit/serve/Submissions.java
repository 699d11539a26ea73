package radedit.serve;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.imaging.Mask;
import radedit.pipeline.EditRequest;
import radedit.pipeline.Listener;
import radedit.pipeline.MaskCells;

/** Makes jobs of requests. What can be wrong with a request is said before it is queued. */
final class Submissions {
    private final Services s;
    private final Schema edits;
    private final Schema generations;
    private final Schema scores;

    Submissions(Services s) {
        this.s = s;
        this.edits = s.document().schema("EditRequest");
        this.generations = s.document().schema("GenerationRequest");
        this.scores = s.document().schema("ScoreRequest");
    }

    private StoredFilm film(String field, JsonNode r) {
        try {
            return s.films().get(r.get(field).asText());
        } catch (HttpError e) {
            throw new HttpError(422, field, field + ": " + e.getMessage());
        }
    }

    /** An edit that was checked. */
    private record Checked(StoredFilm film, EditMasks edit, @Nullable EditMasks keep, List<String> notes) {}

    private Checked check(ObjectNode r) throws IOException {
        StoredFilm film = film("film", r);
        List<String> notes = new ArrayList<>();
        return s.films().inspector().decode(film.file(), "the film", () -> {
            EditMasks edit = Objects.requireNonNull(
                    EditMasks.of("edit_mask", r.get("edit_mask"), film, s.masks(), notes::add));
            EditMasks keep = EditMasks.of("keep_mask", r.get("keep_mask"), film, s.masks(), notes::add);
            Mask grown = EditMasks.edit(edit.mask(), r);
            EditRequest request = Requests.edit(Requests.film(film.file(), film, r), grown,
                    EditMasks.keep(keep == null ? null : keep.mask(), grown, r), r);
            s.device().check(request);
            MaskCells.of(request, s.device().size(), s.device().cell(), Listener.NONE);
            return new Checked(film, edit, keep, notes);
        });
    }

    /** Queues an edit. */
    Job edit(Call call, JsonNode body) throws IOException {
        ObjectNode r = edits.check(body);
        Checked c = check(r);
        ObjectNode internal = Json.object().put("film", c.film.id()).put("frame", c.film.frame()).put("format",
                c.film.json().get("format").asText()).put("name", c.film.name());
        internal.set("edit_mask", Json.of(c.edit.words()));
        internal.set("keep_mask", Json.of(c.keep == null ? List.of() : c.keep.words()));
        String command = s.commandLines().of("edit", named(r, c));
        Job job = s.queue().add(call, () -> s.jobs().add(Job.Kind.EDIT, r, command, internal, folder -> {
            DataFolder.link(c.film.file(), folder.resolve(JobInputs.FILM));
            FilmStore.write(folder.resolve(JobInputs.EDIT_MASK), Pngs.of(c.edit.mask()));
            if (c.keep != null) {
                FilmStore.write(folder.resolve(JobInputs.KEEP_MASK), Pngs.of(c.keep.mask()));
            }
        }));
        c.notes.forEach(job::warn);
        return job;
    }

    /** Queues a generation. */
    Job generation(Call call, JsonNode body) throws IOException {
        ObjectNode r = generations.check(body);
        s.device().check(Requests.generation(r));
        String command = s.commandLines().of("generation", r);
        return s.queue().add(call,
                () -> s.jobs().add(Job.Kind.GENERATION, r, command, Json.object(), folder -> {}));
    }

    /** Queues a score. */
    Job score(Call call, JsonNode body) throws IOException {
        ObjectNode r = scores.check(body);
        if (!s.device().scores()) {
            throw new HttpError(422, "the model has no image encoder and gives no scores");
        }
        if (r.hasNonNull("original") != r.hasNonNull("original_text")) {
            throw new HttpError(422, "original_text", "original and original_text go together");
        }
        StoredFilm film = film("film", r);
        StoredFilm original = r.hasNonNull("original") ? film("original", r) : null;
        ObjectNode internal = Json.object().put("film", film.id()).put("frame", film.frame());
        if (original != null) {
            internal.put("original_frame", original.frame());
        }
        String command = s.commandLines().of("score", named(r, film, original));
        return s.queue().add(call, () -> s.jobs().add(Job.Kind.SCORE, r, command, internal, folder -> {
            DataFolder.link(film.file(), folder.resolve(JobInputs.FILM));
            if (original != null) {
                DataFolder.link(original.file(), folder.resolve(JobInputs.ORIGINAL));
            }
        }));
    }

    /** The command line of a request that is not queued. */
    String command(String kind, JsonNode body) throws IOException {
        return switch (kind) {
            case "edit" -> {
                ObjectNode r = edits.check(body);
                yield s.commandLines().of(kind, named(r, check(r)));
            }
            case "generation" -> {
                ObjectNode r = generations.check(body);
                s.device().check(Requests.generation(r));
                yield s.commandLines().of(kind, r);
            }
            default -> {
                ObjectNode r = scores.check(body);
                yield s.commandLines().of(kind, named(r, film("film", r),
                        r.hasNonNull("original") ? film("original", r) : null));
            }
        };
    }

    /** A request with names of files, as the user has them, in place of ids. */
    private static ObjectNode named(ObjectNode r, Checked c) {
        ObjectNode o = r.deepCopy().put("film", c.film.name());
        if (c.film.frames() > 1) {
            o.put("frame", c.film.frame());
        }
        o.put("names_patient", c.film.json().get("names_patient").asBoolean());
        o.put("dicom", c.film.isDicom());
        o.set("edit_mask", names(c.edit, JobInputs.EDIT_MASK));
        if (c.keep != null) {
            o.set("keep_mask", names(c.keep, JobInputs.KEEP_MASK));
        }
        return o;
    }

    private static JsonNode names(EditMasks masks, String file) {
        return Json.of(masks.words().isEmpty() ? List.of(file) : masks.words());
    }

    private static ObjectNode named(ObjectNode r, StoredFilm film, @Nullable StoredFilm original) {
        ObjectNode o = r.deepCopy().put("film", film.name());
        if (film.frames() > 1) {
            o.put("frame", film.frame());
        }
        if (original != null) {
            o.put("original", original.name());
        }
        return o;
    }
}
