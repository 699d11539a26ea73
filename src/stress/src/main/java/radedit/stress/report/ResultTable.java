package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import radedit.html.Html;

/** Numbers of a class or structure: a row for each role, models side by side, controls below the edits. */
final class ResultTable {
    /**
     * A column.
     *
     * @param head
     *            its head
     * @param metric
     *            the number in it
     * @param bound
     *            a one-sided bound of it; empty for none
     */
    record Column(String head, String metric, String bound) {
        static Column of(String head, String metric) {
            return new Column(head, metric, "");
        }
    }

    /**
     * What has numbers.
     *
     * @param name
     *            a model's name; empty for the pictures themselves
     * @param groups
     *            its groups
     */
    record Source(String name, JsonNode groups) {}

    /** Models of one table; of more, another table is made. */
    static final int SIDE_BY_SIDE = 2;

    private final String caption;
    private final List<Column> columns;
    private final List<Map<Results.Row, JsonNode>> numbers = new ArrayList<>();
    private final List<Source> sources = new ArrayList<>();
    private final Set<Results.Row> rows = new TreeSet<>();
    private final Map<String, Integer> notes = new LinkedHashMap<>();
    private final boolean subgroups;

    ResultTable(String caption, List<Column> columns, List<Source> sources, String target, boolean subgroups) {
        this.caption = caption;
        this.columns = columns;
        this.subgroups = subgroups;
        for (Source s : sources) {
            Map<Results.Row, JsonNode> groups = Results.groups(s.groups, target, subgroups);
            if (!groups.isEmpty()) {
                this.sources.add(s);
                numbers.add(groups);
                rows.addAll(groups.keySet());
            }
        }
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * Writes the table.
     *
     * @param limit
     *            size of the page from which on rows are left out
     */
    void write(Html html, long limit) throws IOException {
        Tables.begin(html, caption);
        head(html);
        html.open("tbody");
        int left = rows.size();
        boolean controls = false;
        for (Results.Row r : rows) {
            if (html.bytes() > limit) {
                break;
            }
            boolean first = r.isControl() && !controls && !subgroups && r.dose() == 1;
            controls |= r.isControl();
            row(html, r, first ? "first-control" : r.isControl() ? "control" : "edit");
            left--;
        }
        html.close("tbody");
        Tables.end(html);
        if (left > 0) {
            html.element("p", left + " more rows are in results.csv.");
        }
        notes(html);
    }

    private void head(Html html) throws IOException {
        html.open("thead");
        boolean named = sources.stream().anyMatch(s -> !s.name.isEmpty());
        if (named) {
            html.open("tr").element("td", "", "colspan", subgroups ? "3" : "2");
            for (Source s : sources) {
                html.element("th", s.name, "scope", "colgroup", "colspan", Integer.toString(columns.size()), "class",
                        "model");
            }
            html.close("tr");
        }
        html.open("tr");
        if (subgroups) {
            html.element("th", "Subgroup", "scope", "col");
        }
        html.element("th", "Edits", "scope", "col").element("th", "Cases (patients)", "scope", "col");
        for (int s = 0; s < sources.size(); s++) {
            for (int c = 0; c < columns.size(); c++) {
                html.element("th", columns.get(c).head, "scope", "col", "class", c == 0 ? "model" : "n");
            }
        }
        html.close("tr").close("thead");
    }

    private void row(Html html, Results.Row r, String kind) throws IOException {
        html.open("tr", "class", kind);
        if (subgroups) {
            html.element("th", Words.spaced(r.column()) + ": " + (r.value().isEmpty() ? "(empty)" : r.value()), "scope",
                    "row");
        }
        html.element(subgroups ? "td" : "th", r.label() + (r.isControl() ? " (control)" : ""),
                subgroups ? new String[0] : new String[]{"scope", "row"});
        JsonNode any = numbers.stream().map(m -> m.get(r)).filter(g -> g != null).findFirst().orElseThrow();
        html.element("td", any.path("cases").asInt() + " (" + any.path("patients").asInt() + ")", "class", "count");
        for (Map<Results.Row, JsonNode> m : numbers) {
            for (int c = 0; c < columns.size(); c++) {
                cell(html, m.get(r), columns.get(c), c == 0 ? "model" : "n");
            }
        }
        html.close("tr");
    }

    private void cell(Html html, @Nullable JsonNode group, Column c, String kind) throws IOException {
        html.open("td", "class", kind);
        JsonNode e = group == null ? null : group.path("metrics").get(c.metric);
        if (group == null || e == null) {
            html.text(Words.UNDEFINED).close("td");
            return;
        }
        html.element("span", Words.number(e.path("value")), "class", "v");
        String note = e.path("note").asText("");
        String interval = Words.interval(e);
        if (!note.isEmpty()) {
            String said = (interval.isEmpty() ? "no interval: " : "") + note;
            html.element("sup", Integer.toString(notes.computeIfAbsent(said, n -> notes.size() + 1)));
        }
        if (!interval.isEmpty()) {
            html.text(" ").element("span", interval, "class", "ci");
        }
        JsonNode bound = group.path("metrics").path(c.bound).path("value");
        if (bound.isNumber()) {
            html.text(" ").element("span", "at most " + Words.number(bound), "class", "ci");
        }
        int count = e.path("count").asInt();
        if (count != group.path("cases").asInt()) {
            html.text(" ").element("span", "of " + count, "class", "ci");
        }
        html.close("td");
    }

    private void notes(Html html) throws IOException {
        if (!notes.isEmpty()) {
            html.open("ol", "class", "notes");
            for (String n : notes.keySet()) {
                html.element("li", n + ".");
            }
            html.close("ol");
        }
    }

    /** {@return the classes or structures that any source has numbers of} */
    static Set<String> targets(List<Source> sources) {
        Set<String> all = new LinkedHashSet<>();
        sources.forEach(s -> s.groups.forEach(g -> all.add(g.path("target").asText())));
        return all;
    }
}
