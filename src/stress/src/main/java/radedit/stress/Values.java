package radedit.stress;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a row says, by column: no value, one, or several in the order given. Immutable.
 *
 * @param byColumn
 *            values by column; no list is empty
 */
public record Values(Map<String, List<String>> byColumn) {
    /** Copies the map. */
    public Values {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        byColumn.forEach((column, values) -> {
            if (!values.isEmpty()) {
                copy.put(column, List.copyOf(values));
            }
        });
        byColumn = copy;
    }

    /**
     * {@return all values of a column; none if it is empty}
     *
     * @param column
     *            the column
     */
    public List<String> all(String column) {
        return byColumn.getOrDefault(column, List.of());
    }

    /**
     * {@return the first value of a column; null if there is none}
     *
     * @param column
     *            the column
     */
    public @Nullable String first(String column) {
        List<String> all = all(column);
        return all.isEmpty() ? null : all.getFirst();
    }

    /**
     * {@return the first value of a column}
     *
     * @param column
     *            the column
     * @param otherwise
     *            what stands for no value
     */
    public String first(String column, String otherwise) {
        String value = first(column);
        return value == null ? otherwise : value;
    }

    /**
     * {@return these values with another column}
     *
     * @param column
     *            the column
     * @param values
     *            its values; none to remove it
     */
    public Values with(String column, List<String> values) {
        Map<String, List<String>> changed = new LinkedHashMap<>(byColumn);
        changed.put(column, values);
        return new Values(changed);
    }

    /**
     * {@return these values without some columns}
     *
     * @param columns
     *            the columns
     */
    public Values without(String... columns) {
        Map<String, List<String>> changed = new LinkedHashMap<>(byColumn);
        List.of(columns).forEach(changed::remove);
        return new Values(changed);
    }

    /**
     * {@return these values, and others for columns that have none}
     *
     * @param defaults
     *            the others
     */
    public Values or(Values defaults) {
        Map<String, List<String>> all = new LinkedHashMap<>(byColumn);
        defaults.byColumn.forEach(all::putIfAbsent);
        return new Values(all);
    }

    /** {@return two lists, one after the other} */
    static List<String> joined(List<String> a, List<String> b) {
        List<String> all = new ArrayList<>(a);
        all.addAll(b);
        return all;
    }
}
