package radedit.stress.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.knowm.xchart.CategoryChart;

import radedit.html.Html;

/** How many edits came how far, and why others did not. */
final class FunnelSection {
    private static final int MOST_REASONS = 20;

    private FunnelSection() {
    }

    static void write(Html html, Results results, Charts charts) throws IOException {
        JsonNode f = results.at("funnel");
        Map<String, Integer> steps = new LinkedHashMap<>();
        steps.put("edits", f.path("edits").asInt());
        steps.put("finished", f.path("edits").asInt() - f.path("pending").asInt());
        steps.put("with a picture", steps.getOrDefault("finished", 0) - f.path("failed").asInt());
        steps.put("accepted", f.path("accepted").asInt());
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("Edits in the manifest", f.path("edits")));
        rows.add(row("Tries (seeds)", f.path("tries")));
        rows.add(row("Not finished", f.path("pending")));
        rows.add(row("Failed", f.path("failed")));
        rows.add(row("Below the required score", f.path("below_score")));
        rows.add(row("Accepted", f.path("accepted")));
        rows.add(row("Controls and doses", f.path("controls")));
        rows.add(row("Evaluated, with controls", f.path("evaluated")));
        new Figure("From the manifest to the evaluation",
                "Edits of the manifest, without controls: only accepted ones are evaluated, so the results are about films that the "
                        + "model could edit.",
                () -> chart(steps),
                List.of("Step", "Edits"),
                steps.entrySet().stream().map(e -> List.of(e.getKey(), e.getValue().toString())).toList())
                .write(html, charts);
        Tables.plain(html, "Cases by what became of them", List.of("Step", "Cases"), rows);
        reasons(html, f.path("reasons"));
    }

    private static List<String> row(String name, JsonNode n) {
        return List.of(name, Words.number(n));
    }

    private static CategoryChart chart(Map<String, Integer> steps) {
        CategoryChart chart = PlotStyle.bars(560, 260, "edits");
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setYAxisDecimalPattern("0");
        chart.addSeries("edits", List.copyOf(steps.keySet()), List.copyOf(steps.values()))
                .setFillColor(PlotStyle.colour(1));
        return chart;
    }

    private static void reasons(Html html, JsonNode reasons) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        reasons.properties().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, JsonNode> e) -> -e.getValue().asInt())
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_REASONS).forEach(e -> rows.add(List.of(e.getKey(), Words.number(e.getValue()))));
        if (!rows.isEmpty()) {
            Tables.plain(html, "Why edits and controls failed", List.of("Reason", "Cases"), rows);
            if (reasons.size() > rows.size()) {
                html.element("p", (reasons.size() - rows.size()) + " more reasons are in results.json.");
            }
        }
    }
}
