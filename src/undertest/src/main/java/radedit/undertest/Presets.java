package radedit.undertest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.undertest.ModelException.Reason;

/** Preprocessing that is well known, as files in the form that users write. */
final class Presets {
    static final List<String> NAMES = List.of("torchxrayvision", "torchxrayvision-seg", "imagenet", "imagenet-320",
            "rad-dino", "grey-0-1");

    /** Keys of a preset that mean nothing once another key has a new value. */
    private static final Map<String, Set<String>> BELONG = Map.of("resize", Set.of("shorter_side", "margin"), "values",
            Set.of("activation"), "channels", Set.of("mean", "std"), "range", Set.of("mean", "std"), "classes",
            Set.of("structures", "thresholds"), "structures", Set.of("classes", "thresholds"));

    private Presets() {
    }

    static ObjectNode json(String name) {
        try (InputStream in = Presets.class.getResourceAsStream("presets/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException(name);
            }
            return JsonFiles.object(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** A file's keys over those of the preset that it names, if it does. */
    static ObjectNode merged(String source, ObjectNode file) throws ModelException {
        JsonNode preset = file.get("preset");
        if (preset == null || preset.isNull()) {
            return file;
        }
        if (preset.textValue() == null || !NAMES.contains(preset.textValue())) {
            throw new ModelException(Reason.FILE, source + ": preset is " + SpecReader.shorten(preset.toString())
                    + ", one of " + String.join(", ", NAMES) + " is expected");
        }
        ObjectNode all = json(preset.textValue());
        if (file.has("task") && !file.get("task").equals(all.get("task"))) {
            all.remove("output");
        }
        for (Map.Entry<String, JsonNode> e : file.properties()) {
            if (all.get(e.getKey()) instanceof ObjectNode old && e.getValue() instanceof ObjectNode changes) {
                change(old, changes);
            } else {
                all.set(e.getKey(), e.getValue());
            }
        }
        return all;
    }

    private static void change(ObjectNode old, ObjectNode changes) {
        for (Map.Entry<String, JsonNode> e : changes.properties()) {
            if (!e.getValue().equals(old.get(e.getKey()))) {
                BELONG.getOrDefault(e.getKey(), Set.of()).stream().filter(k -> !changes.has(k)).forEach(old::remove);
            }
        }
        old.setAll(changes);
    }
}
