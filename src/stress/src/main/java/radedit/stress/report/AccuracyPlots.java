package radedit.stress.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;

/** Accuracy before and after the edits: models side by side. */
final class AccuracyPlots {
    private static final int MOST_MODELS = 4;
    private static final int MOST_ROLES = 12;

    private AccuracyPlots() {
    }

    static List<Figure> of(Results results, int most) {
        List<Figure> all = new ArrayList<>();
        List<JsonNode> models = results.classifiers();
        for (String target : Results.targets(models)) {
            if (all.size() < most) {
                for (int i = 0; i < models.size() && all.size() < most; i += MOST_MODELS) {
                    figure(models.subList(i, Math.min(models.size(), i + MOST_MODELS)), target, all);
                }
            }
        }
        return all;
    }

    private static void figure(List<JsonNode> models, String target, List<Figure> all) {
        Map<String, Map<Results.Row, JsonNode>> byModel = new LinkedHashMap<>();
        TreeSet<Results.Row> found = new TreeSet<>();
        for (JsonNode m : models) {
            Map<Results.Row, JsonNode> groups = Results.groups(m.path("groups"), target, false);
            groups.values().removeIf(g -> g.path("dose").asDouble(1) != 1
                    || !g.path("metrics").path("accuracy_after").path("value").isNumber());
            found.addAll(groups.keySet());
            byModel.put(m.path("name").asText(), groups);
        }
        if (found.isEmpty()) {
            return;
        }
        List<Results.Row> roles = found.stream().limit(MOST_ROLES).toList();
        List<List<String>> rows = new ArrayList<>();
        byModel.forEach((name, groups) -> roles.forEach(r -> rows.add(List.of(name, r.label(),
                number(groups.get(r), "accuracy_before"), number(groups.get(r), "accuracy_after")))));
        all.add(new Figure(target + ": accuracy before and after",
                "Share of films decided rightly, where the truth is known. Pale: before the edit. Intervals are in the table "
                        + "of results.",
                () -> chart(byModel, roles), List.of("Model", "Role", "Before", "After"), rows));
    }

    private static String number(@Nullable JsonNode group, String metric) {
        return group == null
                ? Words.UNDEFINED
                : Words.number(group.path("metrics").path(metric).path("value"));
    }

    private static CategoryChart chart(Map<String, Map<Results.Row, JsonNode>> byModel, List<Results.Row> roles) {
        CategoryChart chart = PlotStyle.bars(680, 340, "accuracy");
        chart.getStyler().setYAxisMax(1.0);
        chart.getStyler().setXAxisLabelRotation(roles.size() > 4 ? 30 : 0);
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            String label = Words.brief(roles.get(i).label());
            labels.add(labels.contains(label) ? label + " (" + (i + 1) + ")" : label);
        }
        int i = 0;
        for (Map.Entry<String, Map<Results.Row, JsonNode>> m : byModel.entrySet()) {
            for (String when : List.of("before", "after")) {
                List<Double> values = roles.stream().map(r -> value(m.getValue().get(r), "accuracy_" + when)).toList();
                CategorySeries s = chart.addSeries("series " + chart.getSeriesMap().size(), labels, values);
                s.setLabel(Words.brief(m.getKey() + ", " + when));
                s.setFillColor(when.equals("before") ? PlotStyle.pale(i) : PlotStyle.colour(i));
            }
            i++;
        }
        return chart;
    }

    private static double value(@Nullable JsonNode group, String metric) {
        return group == null ? 0 : group.path("metrics").path(metric).path("value").asDouble(0);
    }
}
