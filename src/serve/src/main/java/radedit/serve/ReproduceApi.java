package radedit.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.files.OutputFolder;
import radedit.imaging.Films;
import radedit.imaging.ImageFormatException;
import radedit.imaging.mask.MaskSource;
import radedit.pipeline.SettingsReader;

/** Turns the settings in a picture that RadEdit wrote into a request that makes it again. A stranger may have written them. */
final class ReproduceApi {
    private static final long MOST_SETTINGS = 4L << 20;

    private final Services s;
    private final Schema edits;
    private final Schema generations;

    ReproduceApi(Services s) {
        this.s = s;
        this.edits = s.document().schema("EditRequest");
        this.generations = s.document().schema("GenerationRequest");
    }

    void register(Router router) {
        router.on("POST", "/api/v1/reproduce", this::reproduce);
    }

    private void reproduce(Call call) throws IOException {
        Path folder = Files.createTempDirectory(s.films().root(), ".upload");
        JsonNode settings;
        boolean deep;
        try {
            Path file = folder.resolve("picture");
            call.save(file, s.limits().uploadBytes());
            Path named = isSafetensors(file)
                    ? Files.move(file, folder.resolve("picture.safetensors"))
                    : file;
            settings = s.films().inspector().decode(named, "the picture", () -> SettingsReader.read(named));
            deep = s.films().inspector().decode(named, "the picture", () -> isDeep(named));
        } finally {
            OutputFolder.remove(folder);
        }
        if (Json.bytes(settings).length > MOST_SETTINGS) {
            throw new HttpError(422, "the picture's settings are too long");
        }
        call.json(200, answer(settings, deep));
    }

    /** Whether a file begins as safetensors do: with the length of a header, which is JSON. */
    private static boolean isSafetensors(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(9);
            return head.length == 9 && head[8] == '{'
                    && Long.compareUnsigned(ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong(),
                            Files.size(file)) < 0;
        }
    }

    /** Whether a picture has more than 8 bits per sample, which its settings do not say. */
    private boolean isDeep(Path file) throws IOException {
        try {
            s.films().inspector().requireSize(file);
            return Films.read(file).meaning(0).depth().bits() > 8;
        } catch (ImageFormatException e) {
            return false; // tensors have no depth
        }
    }

    private ObjectNode answer(JsonNode settings, boolean deep) throws IOException {
        JsonNode first = settings.isArray() ? settings.path(0) : settings;
        ObjectNode o = Json.object();
        o.set("settings", settings);
        ObjectNode request = Json.object();
        ArrayNode missing = Json.object().arrayNode();
        ArrayNode notes = Json.object().arrayNode();
        String kind = "other";
        if (first.path("prompts").isArray()) {
            kind = "edit";
            edit(first, request, missing);
        } else if (first.path("prompt").isTextual()) {
            kind = "generation";
            generation(first, request, notes);
        }
        if (!kind.equals("other")) {
            if (deep && !request.path("native").asBoolean()) {
                request.put("bits", 16);
            }
            (kind.equals("edit") ? edits : generations).removeWrong(request, fault -> notes
                    .add(fault + ", so it is not taken over; 'radedit replay' may make the picture again"));
            if (first.path("noise").asText().equals("given")) {
                notes.add("its noise was read from a file, which this page cannot; 'radedit replay' makes it again");
            }
            differences(first, notes);
        }
        o.put("kind", kind);
        o.set("request", request);
        o.set("missing", missing);
        o.set("notes", notes);
        return o;
    }

    private static void copy(JsonNode from, String key, ObjectNode to, String name) {
        JsonNode v = from.path(key);
        if (v.isValueNode() && !v.isNull()) {
            to.set(name, v);
        }
    }

    private static void common(JsonNode from, ObjectNode request) {
        for (String key : new String[]{"steps", "seed", "size", "deep_cache"}) {
            copy(from, key, request, key);
        }
        JsonNode guided = from.path("guidance_interval");
        if (guided.isArray() && guided.size() == 2) {
            request.put("guidance_interval", guided.get(0).asText() + "," + guided.get(1).asText());
        }
        if (from.path("noise").asText().startsWith("torch")) {
            copy(from, "noise", request, "rng");
        }
    }

    private static void generation(JsonNode from, ObjectNode request, ArrayNode notes) {
        request.putArray("prompts").add(from.get("prompt"));
        copy(from, "negative_prompt", request, "negative_prompt");
        copy(from, "guidance", request, "guidance");
        copy(from, "unguided_after", request, "unguided_after");
        for (String key : new String[]{"sampler", "sigmas", "spacing"}) {
            copy(from.path("sampler_chosen"), key, request, key);
        }
        common(from, request);
        int images = from.path("images").asInt(1);
        if (images > 1) {
            request.put("count", images);
            notes.add("the picture is number " + (from.path("image").asInt() + 1) + " of a batch of " + images
                    + ", whose random numbers are drawn together");
        }
    }

    private void edit(JsonNode from, ObjectNode request, ArrayNode missing) throws IOException {
        ArrayNode prompts = request.putArray("prompts");
        for (int i = 0; i < from.get("prompts").size(); i++) {
            ObjectNode p = prompts.addObject();
            p.set("text", from.get("prompts").get(i));
            if (from.path("weights").path(i).isNumber()) {
                p.set("weight", from.get("weights").get(i));
            }
        }
        for (String key : new String[]{"invert_prompt", "original_text", "skip_ratio", "eta", "mode", "mask_rule",
                "grow_edit_mask", "invert_edit_mask", "free_band", "loader", "window"}) {
            copy(from, key, request, key);
        }
        common(from, request);
        copy(from.path("fit"), "mode", request, "fit");
        copy(from.path("fit"), "filter", request, "resample");
        if (from.path("native").isObject()) {
            request.put("native", true);
            copy(from.path("native"), "feather", request, "feather");
        }
        inputs(from, request, missing);
        if (request.has("keep_mask")) {
            copy(from, "keep_rule", request, "keep_rule");
        } else {
            request.remove("free_band");
        }
    }

    /** Finds film and masks by their hashes. */
    private void inputs(JsonNode from, ObjectNode request, ArrayNode missing) throws IOException {
        JsonNode inputs = from.path("inputs");
        String hash = inputs.path("film").path("sha256").asText();
        JsonNode frame = from.path("film").path("frame");
        StoredFilm film = s.films().withHash(hash, frame.isInt() ? frame.asInt() : 0).orElse(null);
        if (film == null) {
            missing.add("film");
        } else {
            request.put("film", film.id());
        }
        mask("edit_mask", JobInputs.EDIT_MASK, inputs, film, request, missing);
        if (!from.path("keep_rule").isNull() && !from.path("keep_rule").isMissingNode()) {
            mask("keep_mask", JobInputs.KEEP_MASK, inputs, film, request, missing);
        }
    }

    private void mask(String field, String file, JsonNode inputs, @Nullable StoredFilm film, ObjectNode request,
            ArrayNode missing) throws IOException {
        ArrayNode found = Json.object().arrayNode();
        for (JsonNode m : inputs.path(field)) {
            String words = m.path("source").asText();
            if (!m.has("sha256") && MaskSource.of(words).isInWords()) {
                found.add(words);
            } else if (film != null && m.path("sha256").isTextual()) {
                find(film, m.get("sha256").asText(), file).ifPresent(found::add);
            }
        }
        if (found.isEmpty() || found.size() != inputs.path(field).size()) {
            missing.add(field);
        } else {
            request.set(field, found);
        }
    }

    /** The id of a mask with this hash, among the masks of a film, else among what jobs were made of. */
    private Optional<String> find(StoredFilm film, String sha256, String file) throws IOException {
        Optional<StoredMask> known = s.masks().withHash(film, sha256);
        if (known.isPresent()) {
            return known.map(StoredMask::id);
        }
        for (Job job : s.jobs().all()) {
            Path mask = job.folder().resolve(file);
            if (job.internal().path("film").asText().equals(film.id()) && Files.isRegularFile(mask)
                    && Digests.hex("SHA-256", mask).equals(sha256)) {
                return Optional.of(s.masks().add(film, MaskStore.read(mask), "a job", List.of()).id());
            }
        }
        return Optional.empty();
    }

    /** What makes pictures here and made another one there, as far as it is known. */
    private void differences(JsonNode from, ArrayNode notes) {
        Map<String, Object> made = s.device().made();
        if (made.isEmpty()) {
            return;
        }
        JsonNode here = Json.of(made);
        for (String key : new String[]{"program", "backend"}) {
            if (!from.path(key).equals(here.path(key))) {
                notes.add("another " + key + " made it: " + Words.quoted(from.path(key).asText("unknown"))
                        + ", here it is "
                        + here.path(key).asText());
            }
        }
        if (!Objects.equals(from.path("model").path("sha256"), here.path("model").path("sha256"))) {
            notes.add("other weights made it");
        }
    }
}
