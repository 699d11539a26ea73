package radedit.stress.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.knowm.xchart.XYChart;

/** How often what is scored so is so, before and after the edits. */
final class CalibrationPlots {
    private CalibrationPlots() {
    }

    static List<Figure> of(Results results, int most) {
        List<Figure> all = new ArrayList<>();
        for (JsonNode m : results.classifiers()) {
            Map<String, List<JsonNode>> byTarget = new LinkedHashMap<>();
            m.path("calibration").forEach(
                    c -> byTarget.computeIfAbsent(c.path("target").asText(), t -> new ArrayList<>()).add(c));
            byTarget.forEach((target, both) -> {
                if (all.size() < most) {
                    all.add(figure(m.path("name").asText(), target, both));
                }
            });
        }
        return all;
    }

    private static Figure figure(String model, String target, List<JsonNode> both) {
        List<List<String>> rows = new ArrayList<>();
        StringBuilder errors = new StringBuilder();
        for (JsonNode c : both) {
            errors.append(errors.isEmpty() ? "" : ", ").append(c.path("when").asText()).append(' ')
                    .append(Words.number(c.path("expected_calibration_error")));
            for (JsonNode b : c.path("bins")) {
                rows.add(List.of(c.path("when").asText(),
                        Words.number(b.path("low")) + " to " + Words.number(b.path("high")),
                        Words.number(b.path("count")), Words.number(b.path("mean_score")),
                        Words.number(b.path("positive_share"))));
            }
        }
        String caption = "Cases in bins by score, edits alone: on the diagonal, a score is the share of films that have it. "
                + "The truth after the edit is what the edit asked for. Expected calibration error: " + errors + ".";
        return new Figure(model + ", " + target + ": calibration before and after", caption, () -> chart(both),
                List.of("When", "Scores", "Cases", "Mean score", "Share of positives"), rows);
    }

    private static XYChart chart(List<JsonNode> both) {
        XYChart chart = PlotStyle.xy(560, 420, "mean score", "share of positives");
        PlotStyle.rule(chart, "", new double[]{0, 1}, new double[]{0, 1});
        for (int i = 0; i < both.size(); i++) {
            List<JsonNode> bins = Results.list(both.get(i).path("bins"));
            if (!bins.isEmpty()) {
                PlotStyle.line(chart, both.get(i).path("when").asText(), both.size() - 1 - i,
                        bins.stream().mapToDouble(b -> b.path("mean_score").asDouble()).toArray(),
                        bins.stream().mapToDouble(b -> b.path("positive_share").asDouble()).toArray());
            }
        }
        return chart;
    }
}
