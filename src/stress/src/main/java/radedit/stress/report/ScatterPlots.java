package radedit.stress.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.JsonNode;

import org.knowm.xchart.XYChart;

/** Scores before and after the edits: a point for each case. */
final class ScatterPlots {
    /** Points of a plot; of more cases, every second is shown, every third and so on. */
    private static final int MOST_POINTS = 1500;

    private record Point(String id, String role, double before, double after) {}

    private ScatterPlots() {
    }

    static List<Figure> of(Results results, int most) {
        List<Figure> all = new ArrayList<>();
        for (JsonNode m : results.classifiers()) {
            for (String target : Results.targets(List.of(m))) {
                List<Point> points = all.size() < most ? points(results, m.path("name").asText(), target) : List.of();
                if (!points.isEmpty()) {
                    all.add(figure(m.path("name").asText(), target, m.path("thresholds").path(target).asDouble(),
                            points));
                }
            }
        }
        return all;
    }

    private static List<Point> points(Results results, String model, String target) {
        List<Point> all = new ArrayList<>();
        for (JsonNode c : results.cases()) {
            String about = c.path("target").asText();
            JsonNode s = c.path("models").path(model).path(target);
            if ((about.isEmpty() || about.equals(target)) && s.path("before").isNumber()) {
                all.add(new Point(c.path("case_id").asText(), Words.role(c), s.path("before").asDouble(),
                        s.path("after").asDouble()));
            }
        }
        int step = (all.size() + MOST_POINTS - 1) / MOST_POINTS;
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += Math.max(1, step)) {
            some.add(all.get(i));
        }
        return some;
    }

    private static Figure figure(String model, String target, double threshold, List<Point> points) {
        String caption = "One point a case: above the diagonal the score rose. Dashed lines: the threshold "
                + Words.number(threshold)
                + ". Points at the upper left were decided no before the edit and yes after it; "
                + "at the lower right, yes before and no after.";
        return new Figure(model + ", " + target + ": scores before and after", caption,
                () -> chart(threshold, points), List.of("Case", "Role", "Before", "After"),
                points.stream().map(p -> List.of(p.id, p.role, Words.number(p.before), Words.number(p.after)))
                        .toList());
    }

    private static XYChart chart(double threshold, List<Point> points) {
        XYChart chart = PlotStyle.xy(600, 420, "score before", "score after");
        PlotStyle.rule(chart, "", new double[]{0, 1}, new double[]{0, 1});
        PlotStyle.rule(chart, "threshold", new double[]{0, 1}, new double[]{threshold, threshold});
        PlotStyle.rule(chart, "", new double[]{threshold, threshold}, new double[]{0, 1});
        Map<String, List<Point>> byRole = new TreeMap<>();
        points.forEach(p -> byRole.computeIfAbsent(p.role, r -> new ArrayList<>()).add(p));
        int i = 0;
        for (Map.Entry<String, List<Point>> e : new LinkedHashMap<>(byRole).entrySet()) {
            PlotStyle.points(chart, e.getKey(), i++, e.getValue().stream().mapToDouble(Point::before).toArray(),
                    e.getValue().stream().mapToDouble(Point::after).toArray());
        }
        return chart;
    }
}
