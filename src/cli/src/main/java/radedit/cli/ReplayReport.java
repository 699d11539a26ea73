package radedit.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import radedit.files.Messages;
import radedit.pipeline.Listener;
import radedit.tensor.Precision;

/** What a replay came to: how the pictures differ, and what differs in how they were made. */
final class ReplayReport {
    private static final String THREADS = ", \\d+ threads?\\)";
    /** What decides about pixels before any network runs, and what it is. */
    private static final List<Map.Entry<String, String>> INPUTS = List.of(
            Map.entry("film_sha256", "the film's grey levels"), Map.entry("edit_mask_sha256", "the edit mask"),
            Map.entry("keep_mask_sha256", "the keep mask"));

    private final Path file;
    private final List<String> notes = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final Map<String, PictureDifference> differences = new LinkedHashMap<>();
    private @Nullable Path written;

    ReplayReport(Path file) {
        this.file = file;
    }

    /** Compares how the picture and its replay were made. */
    void made(RecordedSettings before, JsonNode now) {
        differ("program", before, now, "");
        differ("java", before, now, "");
        differ("backend", before, now, THREADS);
        JsonNode settings = before.values().path("model_settings");
        for (Map.Entry<String, JsonNode> e : now.path("model_settings").properties()) {
            if (settings.isObject() && !e.getValue().equals(settings.path(e.getKey()))) {
                reason("the model's settings (" + e.getKey() + ") are not those that the picture was made with");
            }
        }
        if (!settings.isObject()) {
            notes.add("the picture does not record the model's settings, only its weights");
        }
        boolean fast = before.isSet("fast_math");
        if (fast != now.path("fast_math").asBoolean()) {
            reason("--fast-math was " + (fast ? "" : "not ") + "used");
        }
        Precision rounded = before.precision();
        if (!rounded.label().equals(now.path("emulate_precision").asText(Precision.NONE.label()))) {
            reason("--emulate-precision was " + rounded.label());
        }
        int strips = before.has("vae_tile") ? before.integer("vae_tile") : 0;
        if (strips != now.path("vae_tile").asInt()) {
            reason("--vae-tile was " + (strips == 0 ? "not used" : strips));
        }
        for (Map.Entry<String, String> e : INPUTS) {
            String key = e.getKey();
            if (before.has(key) && !before.values().get(key).equals(now.path(key))) {
                reason(e.getValue() + " came out differently, although the files are the same ("
                        + key.replace('_', ' ') + ")");
            }
        }
    }

    private void differ(String key, RecordedSettings before, JsonNode now, String irrelevant) {
        String was = before.text(key);
        String is = now.path(key).asText();
        if (!was.equals(is)) {
            notes.add(key + " was " + Messages.printable(was) + ", is " + is);
            if (!was.replaceFirst(irrelevant, ")").equals(is.replaceFirst(irrelevant, ")"))) {
                reasons.add(notes.getLast());
            }
        }
    }

    private void reason(String text) {
        notes.add(text);
        reasons.add(text);
    }

    void compared(Map<String, PictureDifference> each) {
        differences.putAll(each);
    }

    void written(Path to) {
        written = to;
    }

    boolean isSame() {
        return differences.values().stream().allMatch(PictureDifference::isNone);
    }

    /** The likely reason of a difference; empty if there is no difference. */
    private String reason() {
        if (isSame()) {
            return "";
        }
        return reasons.isEmpty()
                ? "nothing that is recorded differs, so the pixels were probably changed after the file was written"
                : "the likely reason: " + String.join("; ", reasons);
    }

    void print(PrintWriter out, Listener listener) {
        notes.forEach(listener::note);
        differences.forEach((name, d) -> out.println(file + (differences.size() == 1 ? "" : ", " + name) + ": " + d));
        if (!isSame()) {
            listener.note(reason());
        }
        if (written != null) {
            out.println(written);
        }
        out.flush();
    }

    /** The document of --json. */
    Map<String, Object> document() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("file", file.toString());
        all.put("same", isSame());
        List<Map<String, Object>> pictures = new ArrayList<>();
        differences.forEach((name, d) -> {
            Map<String, Object> m = new LinkedHashMap<>();
            m.put("picture", name);
            m.put("same", d.isNone());
            m.put("pixels", d.pixels());
            m.put("differing_pixels", d.differing());
            m.put("largest_difference", finite(d.largest()));
            m.put("mean_difference", finite(d.mean()));
            pictures.add(m);
        });
        all.put("pictures", pictures);
        all.put("notes", notes);
        all.put("reason", isSame() ? null : reason());
        all.put("output", written == null ? null : written.toString());
        return all;
    }

    private static @Nullable Double finite(double v) {
        return Double.isFinite(v) ? v : null;
    }
}
