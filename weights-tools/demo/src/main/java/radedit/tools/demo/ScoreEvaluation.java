package radedit.tools.demo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

import radedit.imaging.Film;
import radedit.pipeline.Scorer;
import radedit.tools.phantom.Caption;
import radedit.tools.phantom.Captions;
import radedit.tools.phantom.Phantom;
import radedit.tools.phantom.PhantomRenderer;

/**
 * Measures how well the image-text score separates right captions from wrong ones, on phantoms outside the training set.
 */
final class ScoreEvaluation {
    private static final int SIZE = 128;
    private static final long SEEDS = 0x5c0e_0000L;

    private final Scorer scorer;
    private final Map<String, double[]> texts = new HashMap<>();

    ScoreEvaluation(Scorer scorer) {
        this.scorer = scorer;
    }

    /** The area under the ROC curve for each kind of wrong caption, and for all of them. */
    Map<String, Object> run(int films) {
        List<Double> right = new ArrayList<>();
        Map<String, List<Double>> wrong = new LinkedHashMap<>();
        for (int i = 0; i < films; i++) {
            Phantom phantom = Phantom.draw(SEEDS + i);
            SplittableRandom random = new SplittableRandom(SEEDS + i);
            double[] film = scorer.film(Film.of(PhantomRenderer.render(phantom, SIZE).picture(), "phantom"))
                    .embedding();
            right.add(score(film, Captions.draw(phantom, random)));
            Captions.wrongSide(phantom, random).ifPresent(c -> add(wrong, "the wrong side", score(film, c)));
            Captions.wrongFinding(phantom, random).ifPresent(c -> add(wrong, "another finding", score(film, c)));
            Optional.of(Captions.normal(random)).filter(c -> !c.holds(phantom))
                    .ifPresent(c -> add(wrong, "no finding", score(film, c)));
        }
        Map<String, Object> report = new LinkedHashMap<>();
        List<Double> all = new ArrayList<>();
        wrong.values().forEach(all::addAll);
        report.put("area under the ROC curve of the score, right against wrong captions", area(right, all));
        wrong.forEach((kind, scores) -> report.put("  against captions with " + kind, area(right, scores)));
        return report;
    }

    private double score(double[] film, Caption caption) {
        return Scorer.cosine(film, texts.computeIfAbsent(caption.text(), t -> scorer.text(List.of(t))));
    }

    private static void add(Map<String, List<Double>> all, String kind, double score) {
        all.computeIfAbsent(kind, k -> new ArrayList<>()).add(score);
    }

    /**
     * The area under the ROC curve with its 95 % interval (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747).
     */
    private static String area(List<Double> right, List<Double> wrong) {
        double sum = 0;
        for (double r : right) {
            for (double w : wrong) {
                sum += r > w ? 1 : r == w ? 0.5 : 0;
            }
        }
        double a = sum / right.size() / wrong.size();
        double q1 = a / (2 - a);
        double q2 = 2 * a * a / (1 + a);
        double variance = (a * (1 - a) + (right.size() - 1) * (q1 - a * a) + (wrong.size() - 1) * (q2 - a * a))
                / right.size() / wrong.size();
        double half = 1.96 * Math.sqrt(variance);
        return String.format(Locale.ROOT, "%.4f (95 %% interval %.4f to %.4f; %d right, %d wrong)", a,
                Math.max(0, a - half), Math.min(1, a + half), right.size(), wrong.size());
    }
}
