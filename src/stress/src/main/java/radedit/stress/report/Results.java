package radedit.stress.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import radedit.stress.evaluate.Evaluation;

/** The values of results.json, as the report asks for them. */
final class Results {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** Edits first, then what shows the effect of editing alone. */
    private static final List<String> ROLES = List.of("add", "remove", "add and remove", "foreground", "", "sham",
            "null", "reverse", "background");
    private static final int CONTROLS_FROM = ROLES.indexOf("sham");

    private final JsonNode root;

    Results(Evaluation e) {
        this.root = JSON.valueToTree(e.toMap());
    }

    JsonNode at(String key) {
        return root.path(key);
    }

    List<JsonNode> models() {
        return list(root.path("models"));
    }

    /** {@return the models that decide about classes} */
    List<JsonNode> classifiers() {
        return models().stream().filter(m -> m.path("kind").asText().equals("classification")).toList();
    }

    /** {@return the models that draw masks} */
    List<JsonNode> segmenters() {
        return models().stream().filter(m -> m.path("kind").asText().equals("segmentation")).toList();
    }

    List<JsonNode> cases() {
        return list(root.path("cases"));
    }

    static List<JsonNode> list(JsonNode array) {
        List<JsonNode> all = new ArrayList<>();
        array.forEach(all::add);
        return all;
    }

    /** {@return the classes or structures that models have numbers of} */
    static List<String> targets(List<JsonNode> models) {
        Set<String> all = new LinkedHashSet<>();
        models.forEach(m -> m.path("groups").forEach(g -> all.add(g.path("target").asText())));
        return List.copyOf(all);
    }

    /** {@return whether a group is divided by a column of the manifest} */
    static boolean isSubgroup(JsonNode group) {
        return group.has("column");
    }

    /** {@return the groups of a model and a target by what they are, in the order of reports} */
    static Map<Row, JsonNode> groups(JsonNode groups, String target, boolean subgroups) {
        Map<Row, JsonNode> all = new LinkedHashMap<>();
        list(groups).stream()
                .filter(g -> g.path("target").asText().equals(target) && isSubgroup(g) == subgroups)
                .sorted(Comparator.comparing(Results::row)).forEach(g -> all.put(row(g), g));
        return all;
    }

    static Row row(JsonNode group) {
        return new Row(group.path("role").asText(), group.path("dose").asDouble(1), group.path("column").asText(""),
                group.path("value").asText(""), Words.role(group));
    }

    /**
     * A row of a table.
     *
     * @param role
     *            what its edits are for
     * @param dose
     *            their strength
     * @param column
     *            the column of a subgroup; empty for none
     * @param value
     *            its value
     * @param label
     *            role and dose in words
     */
    record Row(String role, double dose, String column, String value, String label) implements Comparable<Row> {
        private static final Comparator<Row> ORDER = Comparator.comparing(Row::column).thenComparing(Row::value)
                .thenComparingInt(r -> r.dose == 1 ? 0 : 1).thenComparingInt(r -> r.place()).thenComparing(Row::role)
                .thenComparingDouble(Row::dose);

        private int place() {
            int i = ROLES.indexOf(role);
            return i < 0 ? CONTROLS_FROM : i;
        }

        /** {@return whether it shows the effect of editing rather than that of a finding} */
        boolean isControl() {
            return ROLES.indexOf(role) >= CONTROLS_FROM;
        }

        @Override
        public int compareTo(Row o) {
            return ORDER.compare(this, o);
        }
    }
}
