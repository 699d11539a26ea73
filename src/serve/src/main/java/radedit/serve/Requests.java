package radedit.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.imaging.Film;
import radedit.imaging.Loader;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Resample;
import radedit.imaging.WindowChoice;
import radedit.message.Message;
import radedit.pipeline.EditRequest;
import radedit.pipeline.FitMode;
import radedit.pipeline.GenerateRequest;
import radedit.pipeline.InvalidInputException;
import radedit.pipeline.Rng;

/** The library's requests for those of clients, which were checked against their schemas and have all defaults. */
final class Requests {
    private Requests() {
    }

    private static <T> T choice(T[] all, String word) {
        for (T v : all) {
            if (v.toString().equalsIgnoreCase(word)) {
                return v;
            }
        }
        throw new HttpError(422, Words.quoted(word) + " is not known");
    }

    static Loader loader(JsonNode r) {
        return choice(Loader.values(), r.path("loader").asText("standard"));
    }

    /**
     * A window in words.
     *
     * @param words
     *            null for the film's own
     */
    static WindowChoice window(@Nullable String words) {
        try {
            return words == null || words.isBlank() ? WindowChoice.FROM_FILE : WindowChoice.parse(words);
        } catch (IllegalArgumentException e) {
            throw new HttpError(422, "window", "window " + e.getMessage());
        }
    }

    /** A film as a request wants it. */
    static Film film(Path file, StoredFilm film, JsonNode r) throws IOException {
        return FilmInspector.read(file, loader(r), film.frame(),
                window(r.hasNonNull("window") ? r.get("window").asText() : null));
    }

    /**
     * A request for an edit with its first seed.
     *
     * @param edit
     *            grown and inverted already
     * @param keep
     *            apart from the edit mask already; null for none
     */
    static EditRequest edit(Film film, Mask edit, @Nullable Mask keep, JsonNode r) throws IOException {
        EditRequest request = masks(film, edit, keep, r);
        request.invertPrompt(r.get("invert_prompt").asText()).steps(r.get("steps").asInt())
                .skipRatio(r.get("skip_ratio").asDouble()).eta(r.get("eta").asDouble())
                .mode(choice(Editor.Mode.values(), r.get("mode").asText())).seed(r.get("seed").asLong())
                .rng(choice(Rng.values(), r.get("rng").asText())).tries(r.get("tries").asInt())
                .originalText(r.hasNonNull("original_text") ? r.get("original_text").asText() : null);
        if (r.hasNonNull("min_score")) {
            request.minScore(r.get("min_score").asDouble());
        }
        for (JsonNode p : r.get("prompts")) {
            request.prompt(p.get("text").asText(), p.get("weight").asDouble());
        }
        if (r.get("native").asBoolean()) {
            Message obstacle = NativeEdit.obstacle(film);
            if (obstacle != null) {
                throw new InvalidInputException(Message.of("the film cannot be edited at its native size: it ",
                        obstacle));
            }
            request.nativeSize(r.get("feather").asInt());
        }
        return request;
    }

    /** The part of a request for an edit that decides on its latent cells. */
    static EditRequest masks(Film film, Mask edit, @Nullable Mask keep, JsonNode r) throws IOException {
        EditRequest request = new EditRequest(film, edit).keepMask(keep).size(r.get("size").asInt())
                .fit(choice(FitMode.values(), r.get("fit").asText()));
        if (r.has("resample")) {
            request.resample(choice(Resample.Filter.values(), r.get("resample").asText()));
        }
        if (r.hasNonNull("mask_rule")) {
            request.maskRule(choice(MaskDownsampling.Rule.values(), r.get("mask_rule").asText()));
        }
        if (r.hasNonNull("keep_rule")) {
            request.keepRule(choice(MaskDownsampling.Rule.values(), r.get("keep_rule").asText()));
        }
        return request;
    }

    /** A request to generate pictures. */
    static GenerateRequest generation(JsonNode r) {
        List<String> prompts = new ArrayList<>();
        r.get("prompts").forEach(p -> prompts.add(p.asText()));
        return new GenerateRequest(prompts).negativePrompt(r.get("negative_prompt").asText())
                .count(r.get("count").asInt()).seed(r.get("seed").asLong())
                .seedPerImage(r.get("seed_per_image").asBoolean()).steps(r.get("steps").asInt())
                .guidance(r.get("guidance").asDouble()).size(r.get("size").asInt())
                .rng(choice(Rng.values(), r.get("rng").asText()));
    }
}
