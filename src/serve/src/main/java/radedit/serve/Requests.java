package radedit.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.diffusion.Editor;
import radedit.diffusion.MaskDownsampling;
import radedit.diffusion.SamplerChoice;
import radedit.diffusion.SamplerMethod;
import radedit.diffusion.SigmaSpacing;
import radedit.diffusion.TimestepSpacing;
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

    /** What a field says; null if the request lacks it. */
    private static <T> @Nullable T chosen(T[] all, JsonNode r, String field) {
        return r.hasNonNull(field) ? choice(all, r.get(field).asText()) : null;
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
                .rng(choice(Rng.values(), r.get("rng").asText())).deepCache(r.path("deep_cache").asInt(1))
                .guidanceInterval(guided(r, 0), guided(r, 1)).tries(r.get("tries").asInt())
                .originalText(r.hasNonNull("original_text") ? r.get("original_text").asText() : null);
        if (r.hasNonNull("min_score")) {
            request.minScore(r.get("min_score").asDouble());
        }
        for (JsonNode p : r.get("prompts")) {
            request.prompt(p.get("text").asText(), p.get("weight").asDouble());
        }
        if (r.get("native").asBoolean()) {
            if (r.path("bits").asInt(8) != 8) {
                throw new HttpError(422, "bits",
                        "bits cannot be combined with native: the result has the film's own bits");
            }
            Message obstacle = NativeEdit.obstacle(film);
            if (obstacle != null) {
                throw new InvalidInputException(Message.of("the film cannot be edited at its native size: it ",
                        obstacle));
            }
            request.nativeSize(r.get("feather").asInt());
        }
        return request;
    }

    /** An end of the timesteps that are guided, which the document's pattern has found to be two numbers. */
    private static double guided(JsonNode r, int end) {
        return Double.parseDouble(r.path("guidance_interval").asText("0,1").split(",")[end].strip());
    }

    /** The part of a request for an edit that decides on its latent cells. */
    static EditRequest masks(Film film, Mask edit, @Nullable Mask keep, JsonNode r) throws IOException {
        EditRequest request = new EditRequest(film, edit).keepMask(keep).size(r.get("size").asInt())
                .fit(choice(FitMode.values(), r.get("fit").asText()));
        if (r.has("resample")) {
            request.resample(choice(Resample.Filter.values(), r.get("resample").asText()));
        }
        MaskDownsampling.Rule maskRule = chosen(MaskDownsampling.Rule.values(), r, "mask_rule");
        if (maskRule != null) {
            request.maskRule(maskRule);
        }
        MaskDownsampling.Rule keepRule = chosen(MaskDownsampling.Rule.values(), r, "keep_rule");
        if (keepRule != null) {
            request.keepRule(keepRule);
        }
        return request;
    }

    /** A request to generate pictures. */
    static GenerateRequest generation(JsonNode r) {
        List<String> prompts = new ArrayList<>();
        r.get("prompts").forEach(p -> prompts.add(p.asText()));
        GenerateRequest request = new GenerateRequest(prompts).negativePrompt(r.get("negative_prompt").asText())
                .count(r.get("count").asInt()).seed(r.get("seed").asLong())
                .seedPerImage(r.get("seed_per_image").asBoolean()).guidance(r.get("guidance").asDouble())
                .size(r.get("size").asInt()).rng(choice(Rng.values(), r.get("rng").asText()))
                .deepCache(r.path("deep_cache").asInt(1)).guidanceInterval(guided(r, 0), guided(r, 1))
                .unguidedAfter(r.path("unguided_after").asDouble(1))
                .sampler(new SamplerChoice(chosen(SamplerMethod.values(), r, "sampler"),
                        chosen(SigmaSpacing.values(), r, "sigmas"),
                        chosen(TimestepSpacing.Rule.values(), r, "spacing")));
        return r.hasNonNull("steps") ? request.steps(r.get("steps").asInt()) : request;
    }
}
