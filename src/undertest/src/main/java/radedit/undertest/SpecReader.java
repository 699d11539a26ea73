package radedit.undertest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import radedit.undertest.ModelException.Reason;

/** Reads an object of a preprocessing file key by key. A key that is never asked for is an error that names it. */
final class SpecReader {
    /** More classes or channels are a mistake. */
    static final int MOST_NAMES = 4096;
    private static final int LONGEST_NAME = 256;

    private final String source;
    private final String prefix;
    private final ObjectNode json;
    private final Set<String> asked = new TreeSet<>();

    /**
     * @param source
     *            the file or preset, for messages
     * @param prefix
     *            empty, or the name of the object with a dot
     */
    SpecReader(String source, String prefix, ObjectNode json) {
        this.source = source;
        this.prefix = prefix;
        this.json = json;
    }

    /** The value of a key; null if it is missing or null. */
    @Nullable
    JsonNode get(String key) {
        asked.add(key);
        JsonNode v = json.get(key);
        return v == null || v.isNull() ? null : v;
    }

    boolean has(String key) {
        return get(key) != null;
    }

    ModelException bad(String key, String fault) {
        return new ModelException(Reason.FILE, source + ": " + prefix + key + " " + fault);
    }

    /** An object within this one; null if it is missing. */
    @Nullable
    SpecReader object(String key) throws ModelException {
        JsonNode v = get(key);
        if (v == null) {
            return null;
        }
        if (v instanceof ObjectNode o) {
            return new SpecReader(source, prefix + key + ".", o);
        }
        throw bad(key, "is " + shown(v) + ", an object { ... } is expected");
    }

    @Nullable
    String text(String key) throws ModelException {
        JsonNode v = get(key);
        return v == null ? null : name(key, v, false);
    }

    private String name(String key, JsonNode v, boolean mayBeEmpty) throws ModelException {
        String t = v.textValue();
        if (t == null || t.length() > LONGEST_NAME || t.chars().anyMatch(Character::isISOControl)
                || !t.equals(t.strip()) || t.isEmpty() && !mayBeEmpty) {
            throw bad(key, "has " + shown(v) + " where a name of up to " + LONGEST_NAME
                    + " characters in quotes is expected, without blanks around it");
        }
        return t;
    }

    boolean flag(String key) throws ModelException {
        JsonNode v = get(key);
        if (v != null && !v.isBoolean()) {
            throw bad(key, "is " + shown(v) + ", true or false is expected");
        }
        return v != null && v.booleanValue();
    }

    int integer(String key, int fallback, int least, int most) throws ModelException {
        JsonNode v = get(key);
        return v == null ? fallback : integer(key, v, least, most);
    }

    int integer(String key, JsonNode v, int least, int most) throws ModelException {
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < least || v.intValue() > most) {
            throw bad(key, "has " + shown(v) + " where a whole number from " + least + " to " + most + " is expected");
        }
        return v.intValue();
    }

    double number(String key, double fallback, double least, double most) throws ModelException {
        JsonNode v = get(key);
        return v == null ? fallback : number(key, v, least, most);
    }

    double number(String key, JsonNode v, double least, double most) throws ModelException {
        if (!v.isNumber() || !(v.doubleValue() >= least && v.doubleValue() <= most)) {
            throw bad(key, "has " + shown(v) + " where a number from " + least + " to " + most + " is expected");
        }
        return v.doubleValue();
    }

    /** A list of numbers; a single one is a list of one. Null if the key is missing. */
    @Nullable
    List<Double> numbers(String key, double least, double most) throws ModelException {
        JsonNode v = get(key);
        if (v == null) {
            return null;
        }
        List<Double> all = new ArrayList<>();
        for (JsonNode n : v.isArray() && v.size() <= 3 ? v : List.of(v)) {
            all.add(number(key, n, least, most));
        }
        return all;
    }

    /** One of the words of an enum; null if the key is missing. */
    <E extends Enum<E>> @Nullable E word(String key, Class<E> type) throws ModelException {
        JsonNode v = get(key);
        if (v == null) {
            return null;
        }
        List<String> words = new ArrayList<>();
        for (E e : type.getEnumConstants()) {
            String word = type == InputSpec.Layout.class ? e.name() : InputSpec.word(e);
            if (word.equals(v.textValue())) {
                return e;
            }
            words.add('"' + word + '"');
        }
        throw bad(key, "is " + shown(v) + ", one of " + String.join(", ", words) + " is expected");
    }

    /** A list of names, of which some may be empty. */
    List<String> names(String key, JsonNode v) throws ModelException {
        if (!v.isArray() || v.isEmpty() || v.size() > MOST_NAMES) {
            throw bad(key, "is " + shown(v) + ", a list of 1 to " + MOST_NAMES + " names is expected");
        }
        List<String> all = new ArrayList<>();
        for (JsonNode n : v) {
            all.add(name(key, n, true));
        }
        return all;
    }

    /** An object's entries by names that are not empty. */
    Map<String, JsonNode> entries(String key, ObjectNode v) throws ModelException {
        if (v.isEmpty() || v.size() > MOST_NAMES) {
            throw bad(key, "has " + v.size() + " entries, 1 to " + MOST_NAMES + " are expected");
        }
        Map<String, JsonNode> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : v.properties()) {
            all.put(name(key, v.textNode(e.getKey()), false), e.getValue());
        }
        return all;
    }

    /** Refuses keys that were not asked for. */
    void done() throws ModelException {
        for (Map.Entry<String, JsonNode> e : json.properties()) {
            if (!asked.contains(e.getKey())) {
                throw bad(shorten(e.getKey()), "is not a key here; known are " + String.join(", ", asked));
            }
        }
    }

    private static String shown(JsonNode v) {
        return shorten(v.toString());
    }

    static String shorten(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 60 ? plain.substring(0, 57) + "..." : plain;
    }
}
