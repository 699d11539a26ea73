package radedit.stress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A search for the settings of an edit that are accepted most often: every case is edited with every combination.
 *
 * @param skipRatios
 *            skip ratios to try
 * @param weights
 *            weights to try, of all prompts
 * @param grows
 *            pixels to try by which the edit mask grows
 */
public record Tuning(List<Double> skipRatios, List<Double> weights, List<Integer> grows) {
    /**
     * What came of a combination.
     *
     * @param skipRatio
     *            the skip ratio
     * @param weight
     *            the weight
     * @param grow
     *            pixels by which the edit mask grew
     * @param edits
     *            edits that were made
     * @param accepted
     *            edits that reached the required score
     * @param meanScore
     *            mean of their scores, accepted or not; NaN if there are none
     */
    public record Row(double skipRatio, double weight, int grow, int edits, int accepted, double meanScore) {
        /** {@return accepted edits per edit; 0 if there are none} */
        public double share() {
            return edits == 0 ? 0 : (double) accepted / edits;
        }
    }

    private static final Comparator<Row> BEST = Comparator.comparingDouble(Row::share)
            .thenComparingDouble(r -> Double.isNaN(r.meanScore()) ? -2 : r.meanScore()).reversed();

    /**
     * {@return a case for each case of a plan and each combination}
     *
     * @param plan
     *            the plan
     */
    public Plan of(Plan plan) {
        List<StressCase> all = new ArrayList<>();
        for (StressCase c : plan.cases()) {
            for (double skip : skipRatios) {
                for (double weight : weights) {
                    for (int grow : grows) {
                        all.add(new StressCase(name(c.id(), skip, weight, grow), c.row(), null,
                                c.values().with("skip_ratio", List.of(Double.toString(skip)))
                                        .with("weight", c.values().all("prompt").stream()
                                                .map(p -> Double.toString(weight)).toList())
                                        .with("grow_edit_mask", List.of(Integer.toString(grow)))
                                        .with(StressCase.PATIENT_ID, List.of(c.patient()))));
                    }
                }
            }
        }
        return new Plan(List.copyOf(all), plan.folder(), plan.columns());
    }

    private static String name(String id, double skip, double weight, int grow) {
        return String.format(Locale.ROOT, "%s.skip-%s.weight-%s.grow-%d", id, number(skip), number(weight), grow);
    }

    /**
     * {@return a value as names of cases have it}
     *
     * @param v
     *            the value
     */
    public static String number(double v) {
        return v == Math.rint(v) ? Long.toString((long) v) : Double.toString(v);
    }

    /**
     * {@return what came of each combination, the best first: by the share of accepted edits, then by the mean score}
     *
     * @param run
     *            a finished run of this tuning's plan
     * @throws IOException
     *             if its journal cannot be read
     */
    public List<Row> table(StressRun run) throws IOException {
        Map<List<String>, List<@Nullable JsonNode>> groups = new LinkedHashMap<>();
        run.outcomes().forEach((c, e) -> groups.computeIfAbsent(List.of(c.values().first("skip_ratio", ""),
                c.values().first("weight", ""), c.values().first("grow_edit_mask", "")), k -> new ArrayList<>())
                .add(e));
        List<Row> rows = new ArrayList<>();
        groups.forEach((key, entries) -> {
            int edits = 0;
            int accepted = 0;
            List<Double> scores = new ArrayList<>();
            for (JsonNode e : entries) {
                if (e != null && e.hasNonNull("image_sha256")) {
                    edits++;
                    accepted += e.path("status").asText().equals(CaseStatus.DONE.word()) ? 1 : 0;
                    JsonNode score = e.hasNonNull("edit_score") ? e.path("edit_score") : e.path("image_text_score");
                    if (score.isNumber()) {
                        scores.add(score.asDouble());
                    }
                }
            }
            rows.add(new Row(Double.parseDouble(key.get(0)), Double.parseDouble(key.get(1)),
                    Integer.parseInt(key.get(2)), edits, accepted,
                    scores.stream().mapToDouble(s -> s).average().orElse(Double.NaN)));
        });
        rows.sort(BEST);
        return rows;
    }
}
