package radedit.stress.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.metrics.Bootstrap;
import radedit.stress.FinishedCase;
import radedit.stress.FinishedCase.Status;
import radedit.stress.FinishedRun;
import radedit.stress.ManifestException;
import radedit.stress.RunException;
import radedit.stress.StressCase;
import radedit.stress.Values;
import radedit.undertest.ModelException;

/** Numbers of a made-up run whose results can be counted by hand. */
class EvaluationTest {
    private static final int SIDE = 16;

    @TempDir
    private Path folder;
    private final List<FinishedCase> cases = new ArrayList<>();
    private final Map<String, double[]> scores = new LinkedHashMap<>();

    private Path picture(String name, int grey, int changed) throws IOException {
        byte[] samples = new byte[SIDE * SIDE];
        java.util.Arrays.fill(samples, (byte) grey);
        for (int i = 0; i < SIDE * SIDE / 2; i++) {
            samples[i] = (byte) changed; // the upper half
        }
        Path file = folder.resolve(name + ".png");
        try (var out = Files.newOutputStream(file)) {
            Images.writePng(out, new Picture(SIDE, SIDE, 1, samples), Map.of());
        }
        return file;
    }

    /** Adds a case whose picture differs from the film by 10 grey levels in the upper half, which is the edit mask. */
    private void add(String id, String patient, String base, Map<String, String> values, double before, double after)
            throws IOException {
        Map<String, List<String>> all = new HashMap<>();
        values.forEach((k, v) -> all.put(k, List.of(v)));
        all.put(StressCase.PATIENT_ID, List.of(patient));
        all.put("image", List.of(id));
        Path original = picture("film-" + id, 100, 100);
        boolean[] upper = new boolean[SIDE * SIDE];
        java.util.Arrays.fill(upper, 0, upper.length / 2, true);
        Path mask = folder.resolve(id + ".mask.png");
        try (var out = Files.newOutputStream(mask)) {
            Images.writePng(out, new Mask(SIDE, SIDE, upper).toPicture(), Map.of());
        }
        FinishedCase c = new FinishedCase(new StressCase(id, cases.size() + 1, base, new Values(all)), Status.DONE, "",
                "0", OptionalDouble.of(0.25), OptionalDouble.empty(), 1,
                new FinishedCase.Files(picture(id, 100, 110), original, mask, null));
        cases.add(c);
        scores.put(c.originalName(), new double[]{before, 0.1});
        scores.put(id, new double[]{after, after > 0.9 ? 0.9 : 0.1});
    }

    private Evaluation evaluation(String... subgroups) throws IOException {
        return new Evaluation(new FinishedRun(folder, Map.of("program", "test"), List.of("ward"), cases),
                new Evaluation.Options(List.of(subgroups), Bootstrap.seeded(0)));
    }

    private Scores model() {
        return new Scores("model", Map.of(), List.of("edema", "nodule"), new double[]{0.5, 0.5}, "0.5", scores);
    }

    private static Map<String, Estimate> group(List<Group.Table> tables, String label) {
        Group.Table t = tables.stream().filter(x -> x.group().label().equals(label)).findFirst().orElseThrow();
        Map<String, Estimate> all = new HashMap<>();
        t.estimates().forEach(e -> all.put(e.metric(), e));
        return all;
    }

    private void fourAdditions() throws IOException {
        double[][] values = {{0.1, 0.7}, {0.2, 0.4}, {0.6, 0.95}, {0.3, 0.8}};
        for (int i = 0; i < 4; i++) {
            add("c" + i, "p" + i / 2, null,
                    Map.of("role", "add", "target", "edema", "ward", i < 2 ? "a" : "b"), values[i][0], values[i][1]);
        }
    }

    @Test
    void decisionsBeforeAndAfter() throws IOException {
        fourAdditions();
        Evaluation e = evaluation("ward");
        e.add(model());
        Map<String, Estimate> all = group(e.models().getFirst().tables(), "add, edema");
        assertEquals(0.75, all.get("accuracy_before").value(), "one film is scored above the threshold");
        assertEquals(0.75, all.get("accuracy_after").value(), "one edit is missed");
        assertEquals(0.75, all.get("sensitivity_after").value());
        assertTrue(Double.isNaN(all.getOrDefault("specificity_after", none()).value()), "no film is without it");
        assertEquals(2.0 / 3, all.get("flips_from_no").value());
        assertEquals(3, all.get("flips_from_no").count());
        assertEquals(0, all.get("flips_from_yes").value());
        // of 3 at most 3: the bound is the root of p^2 (3 - 2 p) = 0.95
        assertEquals(0.98305, all.get("flips_from_no_upper95").value(), 1e-4);
        assertEquals((0.6 + 0.2 + 0.35 + 0.5) / 4, all.get("score_change").value(), 1e-12);
        assertEquals(0.25, all.get("collateral_flips").value());
        assertEquals(0.25, all.get("collateral_decisions").value());
        assertEquals(0.5, group(e.models().getFirst().tables(), "add, edema, ward = b").get("accuracy_before").value());
        Map<String, Estimate> pictures = group(e.pictures(), "add");
        assertEquals(10, pictures.get("mean_change_inside").value());
        assertEquals(0, pictures.get("largest_change_outside").value());
        assertEquals(0.25, pictures.get("image_text_score").value());
        assertFalse(pictures.containsKey("mean_change_kept"), "nothing is kept");
    }

    @Test
    void clippedLogOddsAreSaid() throws IOException {
        add("a", "p1", null, Map.of("role", "add", "target", "edema"), 0.5, 1 - 1e-9);
        add("b", "p2", null, Map.of("role", "add", "target", "edema"), 0.5, 0.9);
        Evaluation e = evaluation();
        e.add(model());
        Estimate change = group(e.models().getFirst().tables(), "add, edema").get("log_odds_change");
        assertEquals((Math.log(1e6 - 1) + Math.log(9)) / 2, change.value(), 1e-9);
        assertTrue(change.note().startsWith("1 of 2 cases have a score within 1.0E-6 of 0 or 1"), change.note());
    }

    private static Estimate none() {
        return new Estimate("", Double.NaN, java.util.Optional.empty(), 0, "");
    }

    @Test
    void additionsAndRemovalsHaveARankingTogether() throws IOException {
        fourAdditions();
        add("r0", "p2", null, Map.of("role", "remove", "target", "edema"), 0.9, 0.2);
        add("r1", "p3", null, Map.of("role", "remove", "target", "edema"), 0.25, 0.1);
        Evaluation e = evaluation();
        e.add(model());
        Map<String, Estimate> both = group(e.models().getFirst().tables(), "add and remove, edema");
        // before: positives 0.9, 0.25 above negatives 0.1, 0.2, 0.6, 0.3: 4 and 2 of 8 pairs
        assertEquals(6.0 / 8, both.get("auroc_before").value());
        assertEquals(1, both.get("auroc_after").value(), "after: 0.7, 0.4, 0.95, 0.8 above 0.2 and 0.1");
        assertEquals(5.0 / 6, both.get("accuracy_after").value(), 1e-12);
    }

    @Test
    void dosesReversedEditsAndControls() throws IOException {
        fourAdditions();
        for (int i = 0; i < 4; i++) {
            double[] v = {scores.get(cases.get(i).originalName())[0], scores.get("c" + i)[0]};
            Map<String, String> usual = Map.of("role", "add", "target", "edema", "dose", "0.5");
            add("c" + i + ".dose-0.5", "p" + i / 2, "c" + i, usual, v[0], (v[0] + v[1]) / 2);
            add("c" + i + ".reverse", "p" + i / 2, "c" + i, Map.of("role", "reverse", "target", "edema"), v[1],
                    i == 0 ? 0.6 : v[0]);
            add("c" + i + ".null", "p" + i / 2, "c" + i, Map.of("role", "null", "target", "edema"), v[0], v[0]);
        }
        Evaluation e = evaluation();
        e.add(model());
        Map<String, Estimate> nothing = group(e.models().getFirst().tables(), "null, edema");
        assertEquals(0, nothing.get("flips_from_no").value());
        assertEquals(0.75, nothing.get("accuracy_after").value(), "the truth stays what it was");
        Map<String, Estimate> reverse = group(e.models().getFirst().tables(), "reverse, edema");
        assertEquals(0.75, reverse.get("accuracy_before").value(), "the edited film has the finding");
        assertEquals(0.5, reverse.get("accuracy_after").value());
        Map<String, Object> more = e.models().getFirst().more();
        assertEquals(1, ((List<?>) more.get("dose_response")).size());
        Map<?, ?> doses = (Map<?, ?>) ((List<?>) more.get("dose_response")).getFirst();
        assertEquals(List.of(0.0, 0.5, 1.0),
                java.util.Arrays.stream((double[]) doses.get("doses")).boxed().toList());
        assertEquals(List.of(0.0, 0.25, 0.5), doses.get("flipped"));
        assertEquals(1.0, doses.get("monotone"));
        Map<?, ?> recovery = (Map<?, ?>) ((List<?>) more.get("reverse_recovery")).getFirst();
        assertEquals(2, recovery.get("flipped"));
        assertEquals(1, recovery.get("recovered"), "that of c0 stays above the threshold");
        assertEquals(2, ((List<?>) more.get("calibration")).size());
    }

    @Test
    void rejectedCasesAndTheirControlsAreLeftOut() throws IOException {
        fourAdditions();
        FinishedCase c = cases.get(0);
        cases.set(0, new FinishedCase(c.plan(), Status.REJECTED, "the score is below 0.2", "0", c.imageText(),
                c.edit(), 3, c.files()));
        add("c0.null", "p0", "c0", Map.of("role", "null", "target", "edema"), 0.1, 0.1);
        cases.add(new FinishedCase(new StressCase("f", 9, null, new Values(Map.of("role", List.of("add")))),
                Status.FAILED, "no such file", "", OptionalDouble.empty(), OptionalDouble.empty(), 0, null));
        Evaluation e = evaluation();
        e.add(model());
        assertEquals(3, e.models().getFirst().tables().getFirst().cases());
        assertEquals("{edits=5, tries=6, pending=0, failed=1, below_score=1, accepted=3, controls=1, evaluated=3,"
                + " reasons={no such file=1}}", e.funnel().toString());
    }

    @Test
    void whatCannotBeEvaluatedIsRefused() throws IOException {
        assertThrows(RunException.class, this::evaluation);
        fourAdditions();
        assertThrows(RunException.class, () -> evaluation("hospital"));
        Evaluation e = evaluation();
        scores.remove("c2");
        assertTrue(assertThrows(ModelException.class, () -> e.add(model())).getMessage().contains("such as c2"));
        Scores other = new Scores("other", Map.of(), List.of("nodule"), new double[]{0.5}, "0.5", scores);
        assertTrue(assertThrows(ModelException.class, () -> e.add(other)).getMessage().contains("edema"));
    }

    @Test
    void thresholdsAreThoseOfValidationFilms() throws IOException {
        fourAdditions();
        for (int i = 0; i < 6; i++) {
            scores.put("v" + i, new double[]{0.1 + 0.1 * i, 0.5});
        }
        Path file = Files.writeString(folder.resolve("v.csv"),
                "case_id,edema\nv0,0\nv1,0\nv2,0\nv3,1\nv4,1\nv5,1\n");
        Scores at = Validation.read(file).youden(model(), Set.of("edema"), null);
        assertEquals(0.35, at.thresholds()[0], 1e-12, "between 0.3 and 0.4");
        assertEquals(0.5, at.thresholds()[1], "no column for it");
        Path none = Files.writeString(folder.resolve("w.csv"), "case_id,edema\nv0,0\nzz,1\nv1,maybe\n");
        List<String> why = assertThrows(ManifestException.class,
                () -> Validation.read(none).youden(model(), Set.of("edema"), null))
                .problems().stream().map(Object::toString).toList();
        assertEquals(3, why.size(), why::toString);
        assertTrue(assertThrows(ManifestException.class,
                () -> Validation.read(file).youden(model(), Set.of("nodule"), null)).getMessage()
                .contains("column nodule: is missing"));
        Path against = Files.writeString(folder.resolve("a.csv"), "case_id,edema\nv0,1\nv1,1\nv4,0\nv5,0\n");
        assertTrue(assertThrows(ManifestException.class,
                () -> Validation.read(against).youden(model(), Set.of(), null)).getMessage()
                .contains("better than chance"));
    }

    @Test
    void filesHaveEveryNumber() throws IOException {
        fourAdditions();
        Evaluation e = evaluation();
        e.add(model());
        EvaluationFiles.json(e, folder.resolve("results.json"));
        EvaluationFiles.csv(e, folder.resolve("results.csv"));
        String json = Files.readString(folder.resolve("results.json"));
        assertTrue(json.contains("\"flips_from_no\""), json);
        assertFalse(json.contains("NaN"), json);
        List<String> csv = Files.readAllLines(folder.resolve("results.csv"));
        assertEquals(1 + e.models().getFirst().tables().stream().mapToInt(t -> t.estimates().size()).sum()
                + e.pictures().stream().mapToInt(t -> t.estimates().size()).sum(), csv.size());
        assertTrue(csv.stream().anyMatch(l -> l.startsWith("model,add,1.0,edema,,,4,2,accuracy_before,0.75,")));
    }
}
