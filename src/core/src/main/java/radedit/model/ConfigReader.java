package radedit.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.files.Messages;
import radedit.safetensors.Json;
import radedit.weights.WeightsException;

/**
 * Reads a config.json key by key. A key that is never read, or whose value is not supported, is an error that names it,
 * because it would mean another network.
 */
final class ConfigReader {
    private static final int MAX_SIZE = 1 << 16;
    private static final int MAX_BLOCKS = 16;
    private static final int MAX_LAYERS = 256;

    private final Path file;
    private final JsonNode json;
    private final Set<String> readKeys = new HashSet<>();

    private ConfigReader(Path file, JsonNode json) {
        this.file = file;
        this.json = json;
    }

    /** Opens config.json in a part's folder. */
    static ConfigReader open(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            throw new WeightsException(file + ": missing");
        }
        try {
            return new ConfigReader(file, Json.read(file));
        } catch (IOException e) {
            throw new WeightsException(Messages.of(e), e);
        }
    }

    /** {@return a reader of an object that is in no file} */
    static ConfigReader of(Path name, JsonNode json) {
        return new ConfigReader(name, json);
    }

    /** {@return a reader of the same file that has read no key} */
    ConfigReader again() {
        return new ConfigReader(file, json);
    }

    /** {@return the file} */
    Path file() {
        return file;
    }

    /** Checks the class name that a configuration was saved with, if it has one. */
    void expectClass(String key, String wanted) {
        JsonNode v = get(key);
        if (v.isArray() && v.size() == 1) {
            v = v.get(0);
        }
        if (!v.isMissingNode() && !v.isNull() && !v.asText().equals(wanted)) {
            throw invalid(key, "expected " + wanted);
        }
    }

    int size(String key, int fallback) {
        return size(key, get(key), fallback);
    }

    private int size(String key, JsonNode v, int fallback) {
        if (absent(v) && fallback > 0) {
            return fallback;
        }
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 1 || v.intValue() > MAX_SIZE) {
            throw invalid(key, "a whole number from 1 to " + MAX_SIZE + " is expected");
        }
        return v.intValue();
    }

    /** Reads a list of sizes; a single number stands for {@code count} equal ones. */
    int[] sizes(String key, int count, int fallback) {
        JsonNode v = get(key);
        if (v.isArray()) {
            if (v.size() != count) {
                throw invalid(key, count + " numbers are expected");
            }
            int[] all = new int[count];
            for (int i = 0; i < count; i++) {
                all[i] = size(key, v.get(i), 0);
            }
            return all;
        }
        int[] all = new int[count];
        Arrays.fill(all, size(key, v, fallback));
        return all;
    }

    /** Reads a list of 1 to {@value #MAX_BLOCKS} sizes. */
    int[] sizeList(String key, int... fallback) {
        JsonNode v = get(key);
        if (absent(v)) {
            return fallback;
        }
        if (!v.isArray() || v.isEmpty() || v.size() > MAX_BLOCKS) {
            throw invalid(key, "a list of 1 to " + MAX_BLOCKS + " numbers is expected");
        }
        return sizes(key, v.size(), 0);
    }

    double number(String key, double fallback, double least, double most) {
        JsonNode v = get(key);
        if (absent(v)) {
            return fallback;
        }
        if (!v.isNumber() || !(v.doubleValue() >= least && v.doubleValue() <= most)) {
            throw invalid(key, "a number from " + least + " to " + most + " is expected");
        }
        return v.doubleValue();
    }

    /** Reads a number of layers, at most {@value #MAX_LAYERS}. */
    int layers(String key, int fallback) {
        return layers(key, new int[]{size(key, fallback)})[0];
    }

    /** Likewise for each of several blocks. */
    int[] layers(String key, int count, int fallback) {
        return layers(key, sizes(key, count, fallback));
    }

    private int[] layers(String key, int[] all) {
        if (Arrays.stream(all).anyMatch(n -> n > MAX_LAYERS)) {
            throw invalid(key, "at most " + MAX_LAYERS + " layers are supported");
        }
        return all;
    }

    boolean flag(String key, boolean fallback) {
        JsonNode v = get(key);
        if (absent(v)) {
            return fallback;
        }
        if (!v.isBoolean()) {
            throw invalid(key, "true or false is expected");
        }
        return v.booleanValue();
    }

    /** Reads one of several words. */
    String word(String key, String fallback, String... allowed) {
        JsonNode v = get(key);
        if (absent(v)) {
            return fallback;
        }
        if (!v.isTextual() || !List.of(allowed).contains(v.textValue())) {
            throw invalid(key, "supported: " + String.join(", ", allowed));
        }
        return v.textValue();
    }

    /** Reads one of several constants, which the file names in lower case or as they print. */
    <E extends Enum<E>> E constant(String key, E fallback, E[] allowed) {
        String[] words = Arrays.stream(allowed).map(ConfigReader::word).toArray(String[]::new);
        String found = word(key, word(fallback), words);
        return allowed[List.of(words).indexOf(found)];
    }

    private static String word(Enum<?> constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    /** Reads a list of at most {@value #MAX_SIZE} indices. */
    List<Integer> indices(String key) {
        JsonNode v = get(key);
        List<Integer> all = new ArrayList<>();
        if (absent(v)) {
            return all;
        }
        if (!v.isArray() || v.size() > MAX_SIZE) {
            throw invalid(key, "a list of whole numbers is expected");
        }
        for (JsonNode n : v) {
            if (!n.isIntegralNumber() || !n.canConvertToInt() || n.intValue() < 0) {
                throw invalid(key, "a list of whole numbers from 0 is expected");
            }
            all.add(n.intValue());
        }
        return all;
    }

    /** Checks that a number is absent, null, or minus infinity. */
    void requireMinusInfinity(String key) {
        JsonNode v = get(key);
        if (!absent(v) && !(v.isNumber() && v.doubleValue() == Double.NEGATIVE_INFINITY)
                && !v.asText().equals("-Infinity")) {
            throw invalid(key, "only -Infinity is supported");
        }
    }

    /** Reads a list of words, one for each block. */
    String[] words(String key, String[] fallback, String... allowed) {
        JsonNode v = get(key);
        if (absent(v)) {
            return fallback;
        }
        if (!v.isArray() || v.size() != fallback.length) {
            throw invalid(key, "a list of " + fallback.length + " is expected, one for each of block_out_channels");
        }
        String[] all = new String[v.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = v.get(i).asText();
            if (!List.of(allowed).contains(all[i])) {
                throw invalid(key, "supported: " + String.join(", ", allowed));
            }
        }
        return all;
    }

    /** Checks a key for which one value is supported: it must be absent, null, or this JSON value. */
    void requireValue(String key, String json) {
        JsonNode v = get(key);
        if (!absent(v) && !v.toString().equals(json) && !(v.isNumber() && v.asText().equals(json.replace(".0", "")))) {
            throw invalid(key, "only " + json + " is supported");
        }
    }

    /** Ignores keys that do not affect inference. */
    void ignore(String... keys) {
        readKeys.addAll(List.of(keys));
    }

    /** Checks that no key is left unread. */
    void finish() {
        for (Map.Entry<String, JsonNode> e : json.properties()) {
            if (!readKeys.contains(e.getKey()) && !e.getKey().startsWith("_") && !e.getValue().isNull()) {
                throw new WeightsException(file + ": unknown setting " + e.getKey() + " = " + abbreviated(e.getValue())
                        + "; it may mean another architecture");
            }
        }
    }

    WeightsException invalid(String key, String why) {
        return new WeightsException(file + ": " + key + " = " + abbreviated(get(key)) + ": " + why);
    }

    private static String abbreviated(JsonNode v) {
        String s = v.isMissingNode() ? "(absent)" : v.toString();
        return s.length() > 60 ? s.substring(0, 57) + "..." : s;
    }

    private JsonNode get(String key) {
        readKeys.add(key);
        return json.path(key);
    }

    private static boolean absent(JsonNode v) {
        return v.isMissingNode() || v.isNull();
    }
}
