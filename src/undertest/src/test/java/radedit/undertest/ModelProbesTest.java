package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import radedit.undertest.Finding.Severity;
import radedit.undertest.OutputSpec.Activation;
import radedit.undertest.OutputSpec.Values;

class ModelProbesTest {
    private static final List<GreyFilm> FILMS = List.of(PreprocessingReferenceTest.film(64, 80, 1, 8),
            PreprocessingReferenceTest.film(90, 70, 2, 16), PreprocessingReferenceTest.film(50, 50, 3, 8));

    private static boolean isFlat(GreyFilm f) {
        return new String(f.levels()).chars().distinct().count() == 1;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double[] logits(GreyFilm f) {
        double w = FakeModel.weighted(f);
        return new double[]{20 * (w - 0.45), 15 * (0.42 - w)};
    }

    private static double[] probabilities(GreyFilm f) {
        double[] x = logits(f);
        return new double[]{sigmoid(x[0]), sigmoid(x[1])};
    }

    private static ProbeReport report(Values values, Activation activation, FakeModel.Function f) throws Exception {
        return ModelProbes.run(FakeModel.classifier(values, activation, f), FILMS);
    }

    private static void assertFinds(ProbeReport report, Severity severity, String code) {
        assertTrue(report.findings().stream().anyMatch(f -> f.code().equals(code) && f.severity() == severity),
                () -> code + " among " + report.findings());
        assertEquals(severity != Severity.ERROR, report.passed(), () -> report.findings().toString());
        report.findings().forEach(f -> assertTrue(f.text().length() < 320 && !f.text().contains("\n"), f.text()));
    }

    @Test
    void soundModelsPass() throws Exception {
        ProbeReport logits = report(Values.LOGITS, Activation.SIGMOID, (f, b) -> logits(f));
        assertEquals(List.of(), logits.findings());
        assertEquals(7, logits.measured().get("films"));
        assertEquals(0, logits.measured().get("batch_difference"));
        assertTrue(logits.measured().get("spread") > 0.5);
        assertEquals(List.of(),
                report(Values.PROBABILITIES, Activation.SIGMOID, (f, b) -> probabilities(f)).findings());
        assertEquals(List.of(), report(Values.PROBABILITIES, Activation.SOFTMAX, (f, b) -> {
            double p = probabilities(f)[0];
            return new double[]{p, 1 - p};
        }).findings());
        // log-probabilities are logits of a softmax
        assertEquals(List.of(), report(Values.LOGITS, Activation.SOFTMAX, (f, b) -> {
            double p = probabilities(f)[0];
            return new double[]{Math.log(p), Math.log(1 - p)};
        }).findings());
    }

    @Test
    void aSecondSigmoid() throws Exception {
        assertFinds(report(Values.PROBABILITIES, Activation.SIGMOID, (f, b) -> {
            double[] p = probabilities(f);
            return new double[]{sigmoid(p[0]), sigmoid(p[1])};
        }), Severity.ERROR, "second-sigmoid");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> probabilities(f)), Severity.ERROR,
                "second-sigmoid");
        assertFinds(report(Values.PROBABILITIES, Activation.SOFTMAX, (f, b) -> {
            double p = probabilities(f)[0];
            double q = Math.exp(p) / (Math.exp(p) + Math.exp(1 - p));
            return new double[]{q, 1 - q};
        }), Severity.WARNING, "second-softmax");
    }

    @Test
    void valuesOutsideOfTheirRange() throws Exception {
        assertFinds(report(Values.PROBABILITIES, Activation.SIGMOID, (f, b) -> logits(f)), Severity.ERROR,
                "out-of-range");
        assertFinds(report(Values.PROBABILITIES, Activation.SOFTMAX, (f, b) -> probabilities(f)), Severity.ERROR,
                "softmax-sum");
        assertFinds(
                report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[]{f.levels()[0] == 0 ? Double.NaN : 1,
                        2}),
                Severity.ERROR, "not-finite");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[3]), Severity.ERROR, "failed");
    }

    @Test
    void outputsThatDoNotDependOnTheFilm() throws Exception {
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[]{0.3, -2}), Severity.ERROR,
                "constant");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[]{logits(f)[0], 7}),
                Severity.WARNING,
                "class-constant");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> {
            double w = FakeModel.weighted(f) - 0.5;
            return new double[]{1000 * w * w - 1, 2};
        }), Severity.ERROR, "inverse-same");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> {
            double mean = 0;
            for (char c : f.levels()) {
                mean += (double) c / f.highest() / f.levels().length;
            }
            return new double[]{20 * (mean - 0.45), 15 * (0.42 - mean)};
        }), Severity.WARNING, "shuffled-same");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[]{
                isFlat(f) ? 0 : logits(f)[0], isFlat(f) ? 0 : logits(f)[1]}),
                Severity.WARNING, "black-white-same");
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> new double[]{
                f.width() == 256 ? logits(f)[0] : 3,
                f.width() == 256 ? logits(f)[1] : -3 + FakeModel.weighted(f) * 1e-4}),
                Severity.WARNING, "films-alike");
    }

    @Test
    void batchesAndRepetition() throws Exception {
        assertFinds(report(Values.LOGITS, Activation.SIGMOID, (f, b) -> {
            double mean = b.stream().mapToDouble(FakeModel::weighted).average().orElseThrow();
            return new double[]{logits(f)[0] - mean, logits(f)[1] + mean};
        }), Severity.ERROR, "batch-dependent");
        AtomicInteger calls = new AtomicInteger();
        ProbeReport random = report(Values.LOGITS, Activation.SIGMOID,
                (f, b) -> new double[]{logits(f)[0] + 0.1 * (calls.incrementAndGet() % 7), logits(f)[1]});
        assertFinds(random, Severity.ERROR, "not-deterministic");
        assertTrue(random.measured().get("repeat_difference") > 1e-3);
    }

    @Test
    void scoresThatNeverFlip() throws Exception {
        ProbeReport r = report(Values.PROBABILITIES, Activation.SIGMOID,
                (f, b) -> new double[]{0.01 + probabilities(f)[0] / 10, probabilities(f)[1]});
        assertFinds(r, Severity.WARNING, "one-sided");
        assertTrue(r.findings().getFirst().text().endsWith(": a"), r.findings().getFirst().text());
        assertFinds(report(Values.PROBABILITIES, Activation.SIGMOID,
                (f, b) -> new double[]{Math.rint(probabilities(f)[0]), Math.rint(probabilities(f)[1])}),
                Severity.WARNING, "hard-scores");
    }

    @Test
    void segmenters() throws Exception {
        assertEquals(List.of(),
                ModelProbes
                        .run(FakeModel.segmenter((f, b) -> new double[]{0.4 * f.highest(), 0.6 * f.highest()}), FILMS)
                        .findings().stream().filter(f -> !f.code().equals("shuffled-same")).toList());
        assertFinds(ModelProbes.run(FakeModel.segmenter((f, b) -> new double[]{1e9, 1e9}), FILMS), Severity.ERROR,
                "empty-masks");
        assertFinds(ModelProbes.run(FakeModel.segmenter((f, b) -> new double[]{0, 0}), FILMS), Severity.ERROR,
                "full-masks");
        assertFinds(ModelProbes.run(FakeModel.segmenter((f, b) -> new double[]{1e9, 0.5 * f.highest()}), FILMS),
                Severity.WARNING, "empty-masks");
    }

    @Test
    void drawnFilmsAreEnough() throws Exception {
        ProbeReport r = ModelProbes.run(FakeModel.classifier(Values.LOGITS, Activation.SIGMOID, (f, b) -> logits(f)),
                List.of());
        assertTrue(r.passed(), r.findings().toString());
        assertFalse(r.measured().isEmpty());
    }
}
