package radedit.stress.report;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

import org.knowm.xchart.XYChart;

/** Scores and decisions as the dose of the edits grows. */
final class DosePlots {
    private DosePlots() {
    }

    static List<Figure> of(Results results, int most) {
        List<Figure> all = new ArrayList<>();
        for (JsonNode m : results.classifiers()) {
            for (JsonNode d : m.path("dose_response")) {
                if (all.size() < most) {
                    all.add(figure(m.path("name").asText(), d));
                }
            }
        }
        return all;
    }

    private static Figure figure(String model, JsonNode d) {
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < d.path("doses").size(); i++) {
            rows.add(
                    List.of(Words.plain(d.path("doses").get(i).asDouble()), Words.number(d.path("mean_scores").path(i)),
                            Words.number(d.path("median_scores").path(i)), Words.number(d.path("flipped").path(i))));
        }
        String role = d.path("role").asText();
        String title = model + ", " + d.path("target").asText() + ": dose and response"
                + (role.isEmpty() ? "" : ", " + role);
        String caption = "Films with edits of all doses: " + d.path("cases").asInt()
                + ". Dose 0 is the film before the "
                + "edit. The mean score crosses the threshold at dose " + Words.number(d.path("mean_switch_point"))
                + ", the median at " + Words.number(d.path("median_switch_point")) + " (" + Words.UNDEFINED
                + ": it does not). Films whose scores go one way only: " + Words.number(d.path("monotone")) + ".";
        return new Figure(title, caption, () -> chart(d),
                List.of("Dose", "Mean score", "Median score", "Share decided otherwise"), rows);
    }

    private static XYChart chart(JsonNode d) {
        double[] doses = numbers(d.path("doses"));
        double last = doses[doses.length - 1];
        double threshold = d.path("threshold").asDouble();
        XYChart chart = PlotStyle.xy(560, 340, "dose", "score or share");
        chart.getStyler().setXAxisMax(last);
        PlotStyle.rule(chart, "threshold", new double[]{0, last}, new double[]{threshold, threshold});
        PlotStyle.line(chart, "mean score", 0, doses, numbers(d.path("mean_scores")));
        PlotStyle.line(chart, "median score", 1, doses, numbers(d.path("median_scores")));
        PlotStyle.line(chart, "share flipped", 2, doses, numbers(d.path("flipped")));
        JsonNode at = d.path("mean_switch_point");
        if (at.isNumber()) {
            PlotStyle.rule(chart, "switch point", new double[]{at.asDouble(), at.asDouble()}, new double[]{0, 1});
        }
        return chart;
    }

    private static double[] numbers(JsonNode array) {
        return Results.list(array).stream().mapToDouble(n -> n.isNumber() ? n.asDouble() : Double.NaN).toArray();
    }
}
