package radedit.stress.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.metrics.Bootstrap;
import radedit.stress.FinishedCase;
import radedit.stress.FinishedRun;
import radedit.stress.StressCase;
import radedit.stress.Values;
import radedit.stress.evaluate.Evaluation;
import radedit.stress.evaluate.MaskBook;
import radedit.stress.evaluate.Scores;
import radedit.undertest.Finding;
import radedit.undertest.ProbeReport;

/** Evaluations of runs that nobody computed: films of noise, scores by rule, names as a manifest's author likes them. */
final class Evaluations {
    static final int SIZE = 48;
    private static final List<String> ROLES = List.of("add", "sham", "null", "reverse", "add", "remove");

    private final Path folder;
    private final String name;
    private final List<FinishedCase> cases = new ArrayList<>();

    /**
     * Begins an evaluation.
     *
     * @param name
     *            what all names contain: of models, classes, patients, prompts, reasons and values of columns
     */
    Evaluations(Path folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** {@return an evaluation of 6 cases a film by two classifiers and a segmenter} */
    Evaluation of(int films) throws IOException {
        for (int f = 0; f < films; f++) {
            for (int r = 0; r < ROLES.size(); r++) {
                add(f, r);
            }
        }
        cases.add(new FinishedCase(
                new StressCase("failed", 99, null, new Values(Map.of("role", List.of("add")))),
                FinishedCase.Status.FAILED, "no film: " + name, "", OptionalDouble.empty(), OptionalDouble.empty(), 0,
                null));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("program", "RadEdit");
        settings.put("model", Map.of("name", "tiny " + name, "notice", "not a radiograph " + name));
        FinishedRun run = new FinishedRun(folder.resolve("run"), settings, List.of("ward"), cases);
        Evaluation e = new Evaluation(run,
                new Evaluation.Options(List.of("ward"), new Bootstrap(100, 0.95, 0, Bootstrap.Method.BCA)));
        e.add(scores("weak " + name, 0.8));
        e.add(scores("strong " + name, 0.1));
        e.addProbes("weak " + name,
                new ProbeReport(List.of(new Finding(Finding.Severity.ERROR, "constant", "looks odd " + name)),
                        Map.of()));
        Mask left = Mask.filled(SIZE, SIZE, true);
        Mask right = new Mask(SIZE, SIZE, left.pixels().clone());
        java.util.Arrays.fill(right.pixels(), 0, SIZE, false);
        e.add(new MaskBook("segmenter " + name, Map.of("source", name), List.of("lung " + name),
                film -> List.of(film.startsWith("original") ? left : right)));
        return e;
    }

    private void add(int f, int r) throws IOException {
        String id = "c" + f + "-" + r;
        Map<String, List<String>> v = new LinkedHashMap<>();
        v.put("patient_id", List.of("p" + f + name));
        v.put("role", List.of(ROLES.get(r)));
        v.put("target", List.of("finding " + name));
        v.put("prompt", List.of("Effusion " + name));
        v.put("ward", List.of(f % 2 + name));
        if (r == 4) {
            v.put("dose", List.of("0.5"));
        }
        FinishedCase.Files files = new FinishedCase.Files(folder.resolve(id + ".png"),
                folder.resolve(String.format("%016x.png", f)), folder.resolve(id + ".edit.png"),
                folder.resolve(id + ".keep.png"));
        picture(files.original(), f);
        picture(files.image(), 100 * f + r + 7);
        write(files.editMask(), square(8, 20).toPicture());
        write(files.keepMask(), square(24, 40).toPicture());
        cases.add(new FinishedCase(new StressCase(id, f, r == 0 || r == 5 ? null : "c" + f + "-0", new Values(v)),
                FinishedCase.Status.DONE, "", "7", OptionalDouble.of(0.3), OptionalDouble.empty(), 1, files));
    }

    private Scores scores(String model, double effect) {
        Map<String, double[]> all = new LinkedHashMap<>();
        for (FinishedCase c : cases) {
            if (c.files() != null) {
                int film = c.plan().row();
                all.put(c.originalName(), new double[]{0.2 + 0.01 * film, 0.5});
                boolean added = c.plan().role().equals("add");
                all.put(c.plan().id(), new double[]{added ? 0.19 + effect - 0.02 * film : 0.2, 0.4});
            }
        }
        return new Scores(model, Map.of("source", name), List.of("finding " + name, "other"), new double[]{0.5, 0.5},
                "given " + name, all);
    }

    static Mask square(int from, int to) {
        boolean[] pixels = new boolean[SIZE * SIZE];
        for (int y = from; y < to; y++) {
            java.util.Arrays.fill(pixels, y * SIZE + from, y * SIZE + to, true);
        }
        return new Mask(SIZE, SIZE, pixels);
    }

    private static void picture(Path file, int seed) throws IOException {
        byte[] samples = new byte[SIZE * SIZE];
        new Random(seed).nextBytes(samples);
        write(file, new Picture(SIZE, SIZE, 1, samples));
    }

    private static void write(Path file, Picture p) throws IOException {
        try (var out = Files.newOutputStream(file)) {
            Images.writePng(out, p, Map.of());
        }
    }
}
