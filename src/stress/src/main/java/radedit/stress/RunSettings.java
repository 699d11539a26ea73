package radedit.stress;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.files.OutputFile;
import radedit.pipeline.Metadata;
import radedit.pipeline.RadEdit;

/**
 * settings.json: what a run is made of. It is written once, and who continues the run must have the same.
 *
 * @param values
 *            JSON values by name
 */
record RunSettings(Map<String, Object> values) {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** What else than "another NAME" a run was begun with. */
    private static final Map<String, String> NAMES = Map.of("model_settings",
            "other settings of the model", "image_encoder_sha256", "another image encoder", "vae_tile",
            "other strips of the VAE");

    static RunSettings of(Plan plan, CaseEditor editor, RadEdit model) {
        Map<String, Object> s = new LinkedHashMap<>();
        s.put("format", 1);
        s.put("cases", plan.cases().size());
        s.put("cases_sha256", plan.sha256());
        s.put("own_columns", plan.ownColumns(editor.columns()));
        Map<String, Object> made = model.describe();
        made.computeIfPresent("backend", (k, v) -> v.toString().replaceFirst(", \\d+ threads?\\)", ")"));
        s.putAll(made);
        s.put("notice", Metadata.NOTICE);
        return new RunSettings(s);
    }

    /** {@return the columns of the manifest that are carried through} */
    static List<String> ownColumns(RunFolder folder) throws IOException {
        List<String> own = new ArrayList<>();
        JSON.readTree(folder.file(RunFolder.SETTINGS).toFile()).path("own_columns").forEach(c -> own.add(c.asText()));
        return own;
    }

    /** Refuses to mix what was made with other cases, weights or versions. */
    void requireSame(RunFolder folder, Plan plan) throws IOException {
        JsonNode before = JSON.readTree(folder.file(RunFolder.SETTINGS).toFile());
        JsonNode now = JSON.valueToTree(values);
        if (!before.path("cases_sha256").equals(now.path("cases_sha256"))) {
            throw new RunException(
                    folder.root() + ": " + difference(folder, plan) + "; choose another folder, or start it as before");
        }
        for (String what : List.of("model", "model_settings", "image_encoder_sha256", "vae_tile", "backend", "program",
                "format")) {
            if (!before.path(what).equals(now.path(what))) {
                throw new RunException(
                        folder.root() + ": the run was begun with " + NAMES.getOrDefault(what, "another " + what)
                                + " (" + words(before.path(what)) + ", now " + words(now.path(what))
                                + "); choose another folder, or start it as before");
            }
        }
    }

    private static String words(JsonNode n) {
        return n.isMissingNode()
                ? "none"
                : n.has("sha256")
                        ? n.path("name").asText() + " " + n.path("sha256")
                        : n.isObject() ? n.toString() : n.asText();
    }

    private static String difference(RunFolder folder, Plan plan) throws IOException {
        List<StressCase> before = Plan.read(folder.file(RunFolder.CASES));
        for (int i = 0; i < Math.min(before.size(), plan.cases().size()); i++) {
            StressCase was = before.get(i);
            StressCase is = plan.cases().get(i);
            if (!was.id().equals(is.id())) {
                return "where the run had case " + was.id() + " there is now " + is.id()
                        + " (row " + is.row() + "): rows or controls changed";
            }
            if (!was.equals(is)) {
                return "case " + is.id() + " (row " + is.row() + ") is not what it was when the run began: "
                        + change(was.values(), is.values());
            }
        }
        return "the run was begun with " + before.size() + " cases, now there are " + plan.cases().size();
    }

    private static String change(Values was, Values is) {
        Set<String> columns = new TreeSet<>(was.byColumn().keySet());
        columns.addAll(is.byColumn().keySet());
        for (String c : columns) {
            if (!was.all(c).equals(is.all(c))) {
                return c + " was " + String.join(", ", was.all(c)) + ", is " + String.join(", ", is.all(c));
            }
        }
        return "its row changed";
    }

    /** Writes the file, which marks a folder as that of a run. */
    void write(RunFolder folder) throws IOException {
        OutputFile.write(folder.file(RunFolder.SETTINGS),
                out -> out.write((JSON.writeValueAsString(values) + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
