package radedit.tools.pickle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Position of a value: the keys that lead to it from the outermost value.
 *
 * @param outer
 *            path to the value that contains it; null for the outermost
 * @param key
 *            its key there; empty for the outermost
 */
record KeyPath(@Nullable KeyPath outer, String key, Object value) {
    /** Name of the outermost value. */
    static final String ROOT = ".";

    static KeyPath root(Object value) {
        return new KeyPath(null, "", value);
    }

    /**
     * Follows keys. A key may contain dots: the longest that exists is taken first.
     *
     * @param text
     *            keys separated by dots, or {@link #ROOT}
     */
    static Optional<KeyPath> find(Object root, String text) {
        return text.equals(ROOT) ? Optional.of(root(root)) : root(root).follow(text);
    }

    private Optional<KeyPath> follow(String text) {
        for (int end = text.length(); end > 0; end = text.lastIndexOf('.', end - 1)) {
            Object child = Values.child(value, text.substring(0, end));
            if (child != null) {
                KeyPath at = new KeyPath(this, text.substring(0, end), child);
                Optional<KeyPath> found = end == text.length() ? Optional.of(at) : at.follow(text.substring(end + 1));
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    /** The keys, outermost first. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (KeyPath p = this; p.outer != null; p = p.outer) {
            keys.addFirst(p.key);
        }
        return keys;
    }

    /** As users write it. */
    String text() {
        return outer == null ? ROOT : String.join(".", keys());
    }

    /** Descriptions of the other values in the dictionaries on the path. */
    @SuppressWarnings("ReferenceEquality") // equal ones beside it count
    List<String> neighbours() {
        List<String> all = new ArrayList<>();
        if (outer == null) {
            return all;
        }
        all.addAll(outer.neighbours());
        Map<?, ?> items = Values.items(outer.value);
        if (items != null) {
            String prefix = outer.outer == null ? "" : outer.text() + ".";
            items.forEach((k, v) -> {
                if (v != value) {
                    all.add(prefix + Values.key(k) + " (" + Values.describe(v) + ")");
                }
            });
        }
        return all;
    }
}
