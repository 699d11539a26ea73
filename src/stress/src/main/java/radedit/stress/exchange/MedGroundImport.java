package radedit.stress.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.message.JsonFault;
import radedit.stress.Manifest;
import radedit.stress.ManifestException;
import radedit.stress.Problem;
import radedit.stress.Role;
import radedit.stress.StressCase;
import radedit.stress.Values;

/**
 * Samples of MedGround-Bench (see {@link MedGroundExport}) as edits: for each, the finding removed inside of its boxes, and a
 * background edit with the prompt "No abnormality". The background edit with the finding's own prompt is a control of the run.
 * Records of one sample by several models are one sample.
 */
final class MedGroundImport {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** As the benchmark finds an attribute that is not given. */
    private static final Pattern QUESTION = Pattern.compile("evidence of (.+?) in the image");
    private static final String NORMAL = "No abnormality";

    private final Path folder;
    private final Path start;
    private final ManifestImport.Rows rows;
    private final Set<String> seen = new HashSet<>();
    private int again;

    private MedGroundImport(Path file, Path start) {
        this.folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
        this.start = start;
        this.rows = new ManifestImport.Rows(file.toString());
    }

    static ManifestTable read(Path given, Path start, Consumer<String> warning) throws IOException {
        Path file = ManifestImport.inFolder(given, "samples.json", "direct.json", "reasoning.json");
        return new MedGroundImport(file, start).read(samples(file), warning);
    }

    private static JsonNode samples(Path file) throws IOException {
        String fault;
        try {
            JsonNode all = JSON.readTree(Manifest.text(file));
            if (all.isArray() && !all.isEmpty()) {
                return all;
            }
            fault = "is not a list of samples";
        } catch (JsonProcessingException e) {
            fault = "is not JSON: " + JsonFault.of(e.getOriginalMessage());
        }
        throw new ManifestException(file.toString(), List.of(new Problem(0, null, fault)));
    }

    private ManifestTable read(JsonNode samples, Consumer<String> warning) {
        int number = 0;
        for (JsonNode s : samples) {
            number++;
            sample(number, s);
        }
        ManifestTable table = rows.table(List.of(StressCase.CASE_ID, "image", "edit_mask", "keep_mask",
                "invert_edit_mask", "prompt", "original_text", StressCase.ROLE, StressCase.TARGET, StressCase.LABEL,
                "dataset", "index"));
        warning.accept(
                "run it with the control background, which is the benchmark's edit with the same prompt outside of"
                        + " the finding; answers of models are left out, since they are about other pictures"
                        + (again > 0 ? "; " + again + " further records of the same samples are, too" : ""));
        return table;
    }

    private void sample(int number, JsonNode s) {
        String index = s.path("index").asText();
        String dataset = s.path("dataset").asText();
        if (!s.path("index").canConvertToInt() || s.path("index").asInt() < 0) {
            rows.problem(number, "index", "is not a whole number of at least 0");
            return;
        }
        if (!seen.add(dataset + "/" + index)) {
            again++;
            return;
        }
        if (!s.path("imgpath").isTextual() || !s.path("locations").isArray()) {
            rows.problem(number, s.path("imgpath").isTextual() ? "locations" : "imgpath", "is missing; the benchmark's"
                    + " attach_source_metadata adds imgpath, question, locations and attribute to its records");
            return;
        }
        String attribute = attribute(s);
        if (attribute.isEmpty()) {
            rows.problem(number, "attribute", "is missing, and the question does not ask for 'evidence of ...'");
        }
        List<String> boxes = boxes(number, s.path("locations"));
        Map<String, List<String>> cells = new LinkedHashMap<>();
        cells.put("image", film(number, s.path("imgpath").asText()));
        cells.put("edit_mask", boxes);
        cells.put("original_text", List.of(capital(attribute)));
        cells.put(StressCase.TARGET, List.of(attribute));
        cells.put(StressCase.LABEL, List.of("1"));
        cells.put("dataset", List.of(dataset));
        Values shared = new Values(cells);
        String name = rows.name(number, (dataset.isEmpty() ? "" : dataset + "-") + index);
        rows.add(shared.with(StressCase.CASE_ID, List.of(name)).with("prompt", List.of("No " + attribute))
                .with(StressCase.ROLE, List.of(Role.REMOVE.word())).with("index", List.of(index)));
        rows.add(shared.with(StressCase.CASE_ID, List.of(rows.name(number, name + "-normal")))
                .with("prompt", List.of(NORMAL)).with(StressCase.ROLE, List.of(Role.BACKGROUND.word()))
                .with("invert_edit_mask", List.of("true")).with("keep_mask", boxes).with("index", List.of(index)));
    }

    private static String attribute(JsonNode s) {
        String given = s.path("attribute").asText("").strip();
        Matcher m = QUESTION.matcher(s.path("question").asText());
        return given.isEmpty() && m.find() ? m.group(1) : given;
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /** Boxes (left, top, right, bottom), whose right and bottom are one past the last pixel. */
    private List<String> boxes(int number, JsonNode locations) {
        List<String> all = new ArrayList<>();
        for (JsonNode box : locations) {
            boolean whole = box.isArray() && box.size() == 4;
            for (JsonNode v : box) {
                whole &= v.isNumber() && v.asDouble() >= 0 && v.asDouble() < 100_000;
            }
            if (!whole || Math.floor(box.get(0).asDouble()) >= Math.ceil(box.get(2).asDouble())
                    || Math.floor(box.get(1).asDouble()) >= Math.ceil(box.get(3).asDouble())) {
                rows.problem(number, "locations", "has " + shown(box)
                        + ", [left, top, right, bottom] in pixels is expected");
                continue;
            }
            int left = (int) Math.floor(box.get(0).asDouble());
            int top = (int) Math.floor(box.get(1).asDouble());
            all.add("box:" + left + "," + top + "," + ((int) Math.ceil(box.get(2).asDouble()) - left) + ","
                    + ((int) Math.ceil(box.get(3).asDouble()) - top));
        }
        if (locations.isEmpty()) {
            rows.problem(number, "locations", "has no box");
        }
        return all;
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }

    /** The benchmark's own names are absolute, in the folder of the dataset. */
    private List<String> film(int number, String given) {
        try {
            Path file = Path.of(given);
            if (file.isAbsolute() && Files.isRegularFile(file)) {
                return List.of(ManifestImport.relative(file, start));
            }
        } catch (InvalidPathException e) {
            // said below
        }
        return rows.film(number, "imgpath", folder, start, given);
    }
}
