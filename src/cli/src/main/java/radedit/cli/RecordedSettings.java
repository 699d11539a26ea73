package radedit.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import radedit.pipeline.InvalidInputException;
import radedit.tensor.Precision;

/**
 * The settings in a picture's file, each of which is checked when it is asked for: a stranger may have written them.
 *
 * @param file
 *            the picture
 * @param values
 *            its settings
 */
record RecordedSettings(Path file, JsonNode values) {

    /** Whether a setting is there and not null. */
    boolean has(String key) {
        return values.hasNonNull(key);
    }

    /** The setting; refuses pictures that lack it. */
    private JsonNode get(String key) {
        JsonNode v = values.get(key);
        if (v == null) {
            throw missing(key);
        }
        return v;
    }

    /** Why a picture without a setting cannot be made again. */
    InvalidInputException missing(String key) {
        return new InvalidInputException(file + ": its settings lack " + key
                + ", which earlier versions did not record; it cannot be made again from the file alone");
    }

    InvalidInputException damaged(String key) {
        return new InvalidInputException(file + ": its settings are damaged: " + key);
    }

    String text(String key) {
        JsonNode v = get(key);
        if (!v.isTextual()) {
            throw damaged(key);
        }
        return v.asText();
    }

    /** A text that may be null, but has to be there. */
    @Nullable
    String textOrNull(String key) {
        return get(key).isNull() ? null : text(key);
    }

    /** A number or word, as options have them. */
    String option(String key) {
        return option(key, get(key));
    }

    List<String> options(String key) {
        JsonNode v = get(key);
        List<String> all = new ArrayList<>();
        if (v.isArray()) {
            for (JsonNode each : v) {
                all.add(option(key, each));
            }
        }
        if (all.isEmpty()) {
            throw damaged(key);
        }
        return all;
    }

    private String option(String key, JsonNode v) {
        if (!v.isNumber() && !v.isTextual()) {
            throw damaged(key);
        }
        return v.asText();
    }

    int integer(String key) {
        JsonNode v = get(key);
        if (!v.isIntegralNumber() || !v.canConvertToInt()) {
            throw damaged(key);
        }
        return v.asInt();
    }

    /** A seed, of which torch takes those of unsigned numbers too. */
    long seed() {
        JsonNode v = get("seed");
        if (!v.isIntegralNumber() || !v.canConvertToLong()) {
            throw damaged("seed");
        }
        return v.asLong();
    }

    double number(String key) {
        JsonNode v = get(key);
        if (!v.isNumber()) {
            throw damaged(key);
        }
        return v.asDouble();
    }

    boolean flag(String key) {
        JsonNode v = get(key);
        if (!v.isBoolean()) {
            throw damaged(key);
        }
        return v.asBoolean();
    }

    /** Whether a flag is there and true. */
    boolean isSet(String key) {
        return has(key) && flag(key);
    }

    /** To what the operands of GEMMs were rounded. */
    Precision precision() {
        String key = "emulate_precision";
        String label = has(key) ? text(key) : Precision.NONE.label();
        return Stream.of(Precision.values()).filter(p -> p.label().equals(label)).findFirst()
                .orElseThrow(() -> damaged(key));
    }

    /** Settings inside of these. */
    RecordedSettings within(String key) {
        JsonNode v = get(key);
        if (!v.isObject()) {
            throw damaged(key);
        }
        return new RecordedSettings(file, v);
    }

    /** Lists of settings inside of these; none if there is no list. */
    List<RecordedSettings> list(String key) {
        List<RecordedSettings> all = new ArrayList<>();
        JsonNode v = values.path(key);
        if (!v.isArray() && !v.isMissingNode() && !v.isNull()) {
            throw damaged(key);
        }
        for (JsonNode each : v) {
            if (!each.isObject()) {
                throw damaged(key);
            }
            all.add(new RecordedSettings(file, each));
        }
        return all;
    }
}
