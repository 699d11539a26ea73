package radedit.undertest;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import radedit.digest.Digests;

/**
 * Which model gave a result, for the settings of a run.
 *
 * @param source
 *            name of the file without its folder, or address without its query
 * @param sha256
 *            of the model's file and what belongs to it, in hexadecimal; empty for a model elsewhere
 * @param runtime
 *            what runs the model, with its version
 * @param settings
 *            preprocessing and options, by keyword; values are texts, numbers, lists and maps
 */
public record ModelDescription(String source, String sha256, String runtime, Map<String, Object> settings) {
    /** Copies the settings, in their order. */
    public ModelDescription {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** {@return all of it by keyword, for JSON} */
    public Map<String, Object> toMap() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("source", source);
        if (!sha256.isEmpty()) {
            all.put("sha256", sha256);
        }
        all.put("runtime", runtime);
        all.putAll(settings);
        return all;
    }

    /** {@return SHA-256 of {@link #toMap} as JSON, in hexadecimal: equal for equal models with equal settings} */
    public String hash() {
        return Digests.hex(JsonFiles.text(toMap()).getBytes(StandardCharsets.UTF_8));
    }
}
