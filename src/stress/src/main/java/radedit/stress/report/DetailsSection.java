package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.html.Html;

/** With what the results were made, and all numbers. */
final class DetailsSection {
    private static final int MOST_SETTINGS = 500;
    private static final int MOST_ROWS = 5000;
    private static final List<String> HEAD = List.of("Model", "Edits", "Target", "Subgroup", "Number", "Value",
            "95 % interval", "Of", "Note");

    private final Html html;
    private final Results results;
    private final long limit;
    private int rows;
    private int left;

    DetailsSection(Html html, Results results, long limit) {
        this.html = html;
        this.results = results;
        this.limit = limit;
    }

    void write() throws IOException {
        html.element("h3", "Models");
        for (JsonNode m : results.models()) {
            settings("Model " + m.path("name").asText(), m, List.of("groups", "dose_response", "reverse_recovery",
                    "calibration", "name", "probes"));
            probes(m);
        }
        html.element("h3", "Run");
        settings("Settings of the run", results.at("run"), List.of());
        settings("Bootstrap", results.at("bootstrap"), List.of());
        html.element("h3", "All numbers");
        html.open("details").element("summary", "Table of all numbers");
        Tables.begin(html, "All numbers, as in results.csv");
        html.open("thead").open("tr");
        for (String h : HEAD) {
            html.element("th", h, "scope", "col");
        }
        html.close("tr").close("thead").open("tbody");
        for (JsonNode m : results.models()) {
            numbers(m.path("name").asText(), m.path("groups"));
        }
        numbers("pictures", results.at("pictures"));
        html.close("tbody");
        Tables.end(html);
        if (left > 0) {
            html.element("p", left + " more numbers are in results.csv.");
        }
        html.close("details");
    }

    private void probes(JsonNode model) throws IOException {
        JsonNode findings = model.path("probes").path("findings");
        if (model.has("probes")) {
            html.element("h4",
                    "What was noticed about the outputs of " + model.path("name").asText() + " before the run");
            html.open("ul");
            for (JsonNode f : findings) {
                html.element("li", f.path("severity").asText() + ": " + f.path("text").asText());
            }
            if (findings.isEmpty()) {
                html.element("li", "nothing");
            }
            html.close("ul");
        }
    }

    private void settings(String caption, JsonNode values, List<String> without) throws IOException {
        List<List<String>> all = new ArrayList<>();
        values.properties().stream().filter(e -> !without.contains(e.getKey()))
                .forEach(e -> flatten(Words.spaced(e.getKey()), e.getValue(), all));
        Tables.plain(html, caption, List.of("Setting", "Value"), all);
        if (all.size() == MOST_SETTINGS) {
            html.element("p", "More settings are in results.json.");
        }
    }

    private static void flatten(String name, JsonNode value, List<List<String>> all) {
        if (value.isObject() && !value.isEmpty()) {
            value.properties().forEach(e -> flatten(name + ", " + Words.spaced(e.getKey()), e.getValue(), all));
        } else if (all.size() < MOST_SETTINGS) {
            List<String> words = Results.list(value).stream().map(Words::value).toList();
            all.add(List.of(name, value.isArray() ? String.join(", ", words) : Words.value(value)));
        }
    }

    private void numbers(String model, JsonNode groups) throws IOException {
        for (JsonNode g : groups) {
            String part = Results.isSubgroup(g)
                    ? Words.spaced(g.path("column").asText()) + ": " + g.path("value").asText()
                    : "";
            for (var e : g.path("metrics").properties()) {
                if (rows++ >= MOST_ROWS || html.bytes() > limit) {
                    left++;
                    continue;
                }
                JsonNode n = e.getValue();
                Tables.row(html, List.of(model, Words.role(g), g.path("target").asText(), part,
                        Words.spaced(e.getKey()), Words.number(n.path("value")), Words.interval(n),
                        Words.number(n.path("count")), n.path("note").asText("")));
            }
        }
    }
}
