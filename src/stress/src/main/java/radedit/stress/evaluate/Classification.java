package radedit.stress.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import radedit.metrics.Bootstrap;
import radedit.metrics.classification.Ranking;
import radedit.metrics.classification.Reliability;
import radedit.metrics.effect.CollateralFlips;
import radedit.metrics.effect.DoseResponse;
import radedit.metrics.effect.Flips;
import radedit.metrics.effect.PairedChange;
import radedit.metrics.effect.ReverseRecovery;
import radedit.metrics.effect.ScoreScale;
import radedit.stress.Role;

/** How a classifier's decisions about films change with the edits. */
final class Classification {
    private static final double LEVEL = 0.95;
    private static final int BINS = 10;

    private final Scores scores;
    private final Grouping grouping;
    private final Bootstrap bootstrap;

    Classification(Scores scores, Grouping grouping, Bootstrap bootstrap) {
        this.scores = scores;
        this.grouping = grouping;
        this.bootstrap = bootstrap;
    }

    /** {@return a table for each group and each class that it is about} */
    List<Group.Table> tables() {
        List<Group.Table> all = new ArrayList<>();
        grouping.groups().forEach((group, cases) -> {
            for (int c : classes(group.target())) {
                Group named = new Group(group.role(), group.dose(), scores.classes().get(c), group.column(),
                        group.value());
                Sample sample = new Sample(cases, bootstrap);
                fill(sample, c);
                all.add(new Group.Table(named, sample.size(), sample.patients(), sample.estimates()));
            }
        });
        return all;
    }

    private int[] classes(String target) {
        return target.isEmpty()
                ? IntStream.range(0, scores.classes().size()).toArray()
                : new int[]{scores.index(target)};
    }

    private double before(EvaluatedCase c, int k) {
        return scores.of(c.finished().originalName(), k);
    }

    private double after(EvaluatedCase c, int k) {
        return scores.of(c.id(), k);
    }

    private void fill(Sample s, int k) {
        double threshold = scores.thresholds()[k];
        double[] before = s.each(i -> before(s.cases().get(i), k));
        double[] after = s.each(i -> after(s.cases().get(i), k));
        List<Optional<Boolean>> truthBefore = s.all(i -> s.cases().get(i).truthBefore());
        List<Optional<Boolean>> truthAfter = s.all(i -> s.cases().get(i).truthAfter());
        quality(s, "before", before, truthBefore, threshold);
        quality(s, "after", after, truthAfter, threshold);

        s.addMean("score_before", before);
        s.addMean("score_after", after);
        s.addMean("score_change", s.each(i -> after[i] - before[i]));
        PairedChange change = PairedChange.of(before, after, ScoreScale.PROBABILITY);
        s.addMean("log_odds_change", change.changes(), clipped(before, after));
        s.addPlain("wilcoxon_p", change.wilcoxon().pValue(), s.size(), "");

        boolean[] no = decided(before, threshold, false);
        Flips flips = Flips.of(before, after, threshold);
        share(s, "flips_from_no", i -> no[i], i -> after[i] >= threshold);
        s.addPlain("flips_from_no_upper95", flips.fromNo().clopperPearsonUpper(LEVEL), flips.fromNo().trials(),
                "one-sided Clopper-Pearson bound");
        share(s, "flips_from_yes", i -> !no[i], i -> after[i] < threshold);
        s.addPlain("flips_from_yes_upper95", flips.fromYes().clopperPearsonUpper(LEVEL), flips.fromYes().trials(),
                "one-sided Clopper-Pearson bound");
        s.addPlain("mcnemar_p", flips.mcNemar().pValue(), s.size(), "");
        collateral(s, k);
    }

    /** A mean of clipped log-odds is less than it would be. */
    private static String clipped(double[] before, double[] after) {
        long n = IntStream.range(0, before.length).filter(
                i -> ScoreScale.PROBABILITY.clips(before[i]) || ScoreScale.PROBABILITY.clips(after[i])).count();
        return n == 0
                ? ""
                : n + " of " + before.length + " cases have a score within " + ScoreScale.CLIP
                        + " of 0 or 1, which counts as that far from it";
    }

    private static boolean[] decided(double[] scores, double threshold, boolean yes) {
        boolean[] all = new boolean[scores.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = scores[i] >= threshold == yes;
        }
        return all;
    }

    /** Adds the share of cases that meet a condition among those that count. */
    private static void share(Sample s, String metric, IntPredicate counts, IntPredicate meets) {
        s.addShare(metric, s.each(i -> !counts.test(i) ? Double.NaN : meets.test(i) ? 1 : 0));
    }

    private void quality(Sample s, String when, double[] score, List<Optional<Boolean>> truth, double threshold) {
        boolean[] known = new boolean[truth.size()];
        boolean[] positive = new boolean[truth.size()];
        for (int i = 0; i < known.length; i++) {
            known[i] = truth.get(i).isPresent();
            positive[i] = truth.get(i).orElse(false);
        }
        share(s, "accuracy_" + when, i -> known[i], i -> score[i] >= threshold == positive[i]);
        share(s, "sensitivity_" + when, i -> known[i] && positive[i], i -> score[i] >= threshold);
        share(s, "specificity_" + when, i -> known[i] && !positive[i], i -> score[i] < threshold);
        int yes = (int) IntStream.range(0, known.length).filter(i -> known[i] && positive[i]).count();
        int no = (int) IntStream.range(0, known.length).filter(i -> known[i] && !positive[i]).count();
        if (yes > 0 && no > 0) {
            s.add("auroc_" + when, yes + no, "", rows -> Ranking.auroc(positive, score,
                    IntStream.of(rows).filter(r -> known[r]).toArray()));
        }
    }

    private void collateral(Sample s, int k) {
        int n = scores.classes().size();
        if (n < 2) {
            return;
        }
        double[][] before = s.all(i -> all(s.cases().get(i).finished().originalName())).toArray(double[][]::new);
        double[][] after = s.all(i -> all(s.cases().get(i).id())).toArray(double[][]::new);
        CollateralFlips flips = CollateralFlips.of(before, after, scores.thresholds(), k);
        s.addPlain("collateral_decisions", flips.otherDecisions().rate(), flips.otherDecisions().trials(),
                "decisions on other classes that changed");
        s.addShare("collateral_flips", s.each(i -> {
            for (int c = 0; c < n; c++) {
                double t = scores.thresholds()[c];
                if (c != k && before[i][c] >= t != after[i][c] >= t) {
                    return 1;
                }
            }
            return 0;
        }));
    }

    private double[] all(String film) {
        double[] p = new double[scores.classes().size()];
        for (int c = 0; c < p.length; c++) {
            p[c] = scores.of(film, c);
        }
        return p;
    }

    /** {@return the response to growing doses of each target, with the film itself as dose 0} */
    List<Map<String, Object>> doseResponses() {
        List<Map<String, Object>> out = new ArrayList<>();
        grouping.series().forEach((key, series) -> {
            for (int k : classes(key.target())) {
                double[] doses = series.doses();
                double[][] values = new double[series.cases().size()][doses.length];
                for (int i = 0; i < values.length; i++) {
                    List<EvaluatedCase> of = series.cases().get(i);
                    values[i][0] = before(of.getFirst(), k);
                    for (int d = 1; d < doses.length; d++) {
                        values[i][d] = after(of.get(d - 1), k);
                    }
                }
                DoseResponse r = DoseResponse.of(doses, values, scores.thresholds()[k]);
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("role", key.role());
                m.put("target", scores.classes().get(k));
                m.put("cases", values.length);
                m.put("threshold", scores.thresholds()[k]);
                m.put("doses", doses);
                m.put("mean_scores", r.meanScores());
                m.put("median_scores", r.medianScores());
                List<Double> flipped = new ArrayList<>();
                for (var p : r.flipped()) {
                    flipped.add(Estimate.defined(p.rate()));
                }
                m.put("flipped", flipped);
                m.put("mean_switch_point", Estimate.defined(r.meanSwitchPoint()));
                m.put("median_switch_point", Estimate.defined(r.medianSwitchPoint()));
                m.put("switching", Estimate.defined(r.switching().rate()));
                m.put("monotone", Estimate.defined(r.monotonicity().share()));
                m.put("mean_correlation", Estimate.defined(r.meanCorrelation()));
                out.add(m);
            }
        });
        return out;
    }

    /** {@return what reversed edits restore, by target} */
    List<Map<String, Object>> recoveries() {
        List<Map<String, Object>> out = new ArrayList<>();
        grouping.reversed().forEach((key, pairs) -> {
            for (int k : classes(key.target())) {
                double[] before = pairs.stream().mapToDouble(p -> before(p.edit(), k)).toArray();
                double[] after = pairs.stream().mapToDouble(p -> after(p.edit(), k)).toArray();
                double[] back = pairs.stream().mapToDouble(p -> after(p.reverse(), k)).toArray();
                ReverseRecovery r = ReverseRecovery.of(before, after, back, scores.thresholds()[k],
                        ScoreScale.PROBABILITY);
                Map<String, Object> m = new LinkedHashMap<>();
                m.put("role", key.role());
                m.put("target", scores.classes().get(k));
                m.put("cases", pairs.size());
                m.put("flipped", r.recovered().trials());
                m.put("recovered", r.recovered().successes());
                m.put("recovered_share", Estimate.defined(r.recovered().rate()));
                m.put("residual_log_odds", Estimate.defined(r.residual().mean()));
                m.put("residual_log_odds_of_flipped", Estimate.defined(r.flippedResidual().mean()));
                out.add(m);
            }
        });
        return out;
    }

    /** {@return how often what is scored so is so, before and after the edits, where the truth is known} */
    List<Map<String, Object>> calibration() {
        List<Map<String, Object>> out = new ArrayList<>();
        Map<String, List<EvaluatedCase>> byTarget = new LinkedHashMap<>();
        grouping.groups().forEach((g, cases) -> {
            if (g.isWhole() && g.dose() == 1 && !Role.of(g.role()).map(Role::isControl).orElse(false)
                    && !g.role().equals(Grouping.BOTH)) {
                for (int k : classes(g.target())) {
                    byTarget.computeIfAbsent(scores.classes().get(k), t -> new ArrayList<>()).addAll(cases);
                }
            }
        });
        byTarget.forEach((target, cases) -> {
            int k = scores.index(target);
            List<EvaluatedCase> known = cases.stream().filter(c -> c.truthBefore().isPresent()).toList();
            if (!known.isEmpty()) {
                out.add(reliability(target, "before", known, c -> before(c, k), c -> c.truthBefore().orElseThrow()));
                out.add(reliability(target, "after", known, c -> after(c, k), c -> c.truthAfter().orElseThrow()));
            }
        });
        return out;
    }

    private static Map<String, Object> reliability(String target, String when, List<EvaluatedCase> cases,
            java.util.function.ToDoubleFunction<EvaluatedCase> score,
            java.util.function.Predicate<EvaluatedCase> truth) {
        boolean[] positive = new boolean[cases.size()];
        for (int i = 0; i < positive.length; i++) {
            positive[i] = truth.test(cases.get(i));
        }
        Reliability r = Reliability.of(positive, cases.stream().mapToDouble(score).toArray(), BINS);
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("target", target);
        m.put("when", when);
        m.put("cases", cases.size());
        m.put("expected_calibration_error", Estimate.defined(r.expectedCalibrationError()));
        List<Map<String, Object>> bins = new ArrayList<>();
        for (Reliability.Bin b : r.bins()) {
            if (b.count() > 0) {
                Map<String, Object> bin = new LinkedHashMap<>();
                bin.put("low", b.low());
                bin.put("high", b.high());
                bin.put("count", b.count());
                bin.put("mean_score", b.meanProbability());
                bin.put("positive_share", b.positiveShare());
                bins.add(bin);
            }
        }
        m.put("bins", bins);
        return m;
    }
}
