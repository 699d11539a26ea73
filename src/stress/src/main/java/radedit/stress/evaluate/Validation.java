package radedit.stress.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import radedit.digest.Digests;
import radedit.imaging.FilmOptions;
import radedit.imaging.Films;
import radedit.metrics.classification.RocCurve;
import radedit.stress.FinishedRun;
import radedit.stress.Manifest;
import radedit.stress.ManifestException;
import radedit.stress.Problem;
import radedit.stress.StressCase;
import radedit.stress.Values;
import radedit.undertest.GreyFilm;
import radedit.undertest.ModelUnderTest;

/**
 * Films with known truth that no edit was made of, by which thresholds are fixed before any edit is looked at. A table with the
 * column {@code image}, or {@code case_id} for files of scores, and a column of 0 and 1 for each class.
 *
 * @param manifest
 *            the table
 */
public record Validation(Manifest manifest) {
    /**
     * {@return the films of a table}
     *
     * @param file
     *            .csv, .tsv or .jsonl
     * @throws ManifestException
     *             if it cannot be understood
     * @throws IOException
     *             if it cannot be read
     */
    public static Validation read(Path file) throws IOException {
        return new Validation(Manifest.read(file).whole());
    }

    /**
     * Refuses films of a run, on which thresholds must not be fixed.
     *
     * @param run
     *            the run
     * @param byName
     *            whether scores of the films are looked up by {@code case_id}
     * @param warning
     *            receives which patients are in both
     * @throws ManifestException
     *             if one of the films is an original or an edited film of the run, by its name or its content
     * @throws IOException
     *             if a file cannot be read
     */
    public void requireOthers(FinishedRun run, boolean byName, Consumer<String> warning) throws IOException {
        RunFilms films = RunFilms.of(run);
        Set<String> names = Set.copyOf(films.names());
        Set<String> hashes = new HashSet<>(run.inputHashes());
        for (String film : films.names()) {
            hashes.add(Digests.hex("SHA-256", films.file(film)));
        }
        List<Problem> problems = new ArrayList<>();
        Set<String> patients = new TreeSet<>();
        int number = 0;
        for (Values row : manifest.rows()) {
            number++;
            String name = row.first(StressCase.CASE_ID);
            if (byName && name != null && names.contains(name)) {
                problems.add(own(number, StressCase.CASE_ID, name));
                continue;
            }
            String image = row.first("image");
            Path file = image == null ? null : manifest.folder().resolve(image);
            if (file != null && Files.isRegularFile(file) && hashes.contains(Digests.hex("SHA-256", file))) {
                problems.add(own(number, "image", String.valueOf(image)));
            }
            patients.addAll(row.all(StressCase.PATIENT_ID));
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(manifest.name(), problems);
        }
        Set<String> edited = new HashSet<>();
        run.cases().forEach(c -> edited.add(c.plan().patient()));
        patients.retainAll(edited);
        if (!patients.isEmpty()) {
            warning.accept(manifest.name() + ": " + patients.size() + (patients.size() == 1 ? " patient" : " patients")
                    + " of the run, such as " + patients.iterator().next()
                    + ", had a part in the thresholds; films of other patients are better");
        }
    }

    private static Problem own(int row, String column, String film) {
        return new Problem(row, column, film + " is a film of the run; thresholds have to be fixed on other films");
    }

    /**
     * Asks a classifier about the films and fixes its thresholds where Youden's index is largest (Youden, Cancer 3:32, 1950),
     * halfway between the two scores that the threshold divides.
     *
     * @param scores
     *            what the classifier says about the run
     * @param needed
     *            classes that the table must have
     * @param model
     *            the classifier; null if its scores of these films are among those of the run, by {@code case_id}
     * @return the same scores with thresholds of those classes that the table has
     * @throws ManifestException
     *             if the table lacks films, classes or labels
     * @throws IOException
     *             if a film cannot be read, or the model fails
     */
    public Scores youden(Scores scores, Set<String> needed, @Nullable ModelUnderTest model) throws IOException {
        List<Problem> problems = new ArrayList<>();
        List<String> classes = scores.classes().stream().filter(manifest.columns()::contains).toList();
        if (classes.isEmpty()) {
            problems.add(new Problem(0, null, "has no column for a class of " + scores.name() + ": "
                    + String.join(", ", scores.classes())));
        }
        for (String c : needed) {
            if (scores.classes().contains(c) && !classes.contains(c)) {
                problems.add(new Problem(0, c, "is missing, which edits of the run are about"));
            }
        }
        Map<Values, double[]> byRow = new LinkedHashMap<>();
        int number = 0;
        for (Values row : manifest.rows()) {
            number++;
            double[] p = probabilities(row, number, scores, model, problems);
            if (p != null) {
                byRow.put(row.with("row", List.of(Integer.toString(number))), p);
            }
        }
        double[] thresholds = scores.thresholds().clone();
        for (String c : classes) {
            int k = scores.index(c);
            List<Double> values = new ArrayList<>();
            List<Boolean> truth = new ArrayList<>();
            byRow.forEach((row, p) -> label(row, c, problems, truth, values, p[k]));
            boolean[] positive = new boolean[truth.size()];
            for (int i = 0; i < positive.length; i++) {
                positive[i] = truth.get(i);
            }
            if (truth.contains(true) && truth.contains(false)) {
                thresholds[k] = youden(positive, values.stream().mapToDouble(v -> v).toArray());
                if (!Double.isFinite(thresholds[k])) {
                    problems.add(new Problem(0, c, "has no threshold that does better than chance on these films; "
                            + scores.name() + " does not tell them apart"));
                }
            } else {
                problems.add(new Problem(0, c, "needs films with 1 and films with 0"));
            }
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(manifest.name(), problems);
        }
        return new Scores(scores.name(), scores.about(), scores.classes(), thresholds,
                "largest Youden index of " + manifest.rows().size() + " validation films, fixed before the edits: "
                        + String.join(", ", classes)
                        + (classes.size() < scores.classes().size() ? "; others " + scores.thresholdsFrom() : ""),
                scores.byFilm());
    }

    /**
     * {@return the threshold of the largest index: halfway between the lowest score that is decided "yes" and the next lower
     * one, so that it lies far from both where the classes are apart}
     */
    private static double youden(boolean[] positive, double[] scores) {
        double lowest = RocCurve.of(positive, scores).youden().threshold();
        double next = Arrays.stream(scores).filter(s -> s < lowest).max().orElse(lowest);
        return (lowest + next) / 2;
    }

    private static void label(Values row, String column, List<Problem> problems, List<Boolean> truth,
            List<Double> values, double p) {
        String word = row.first(column, "");
        switch (word) {
            case "1", "1.0" -> truth.add(true);
            case "0", "0.0" -> truth.add(false);
            case "" -> {
                return;
            }
            default -> {
                problems.add(new Problem(Integer.parseInt(row.first("row", "0")), column,
                        "'" + word + "' is neither 1 nor 0"));
                return;
            }
        }
        values.add(p);
    }

    private double @Nullable [] probabilities(Values row, int number, Scores scores, @Nullable ModelUnderTest model,
            List<Problem> problems) throws IOException {
        String name = row.first(model == null ? "case_id" : "image");
        if (name == null) {
            problems.add(new Problem(number, model == null ? "case_id" : "image", "is missing"));
            return null;
        }
        if (model == null) {
            double[] known = scores.byFilm().get(name);
            if (known == null) {
                problems.add(new Problem(number, "case_id", scores.name() + " has no scores of '" + name + "'"));
            }
            return known;
        }
        GreyFilm film = GreyFilm.of(Films.read(manifest.folder().resolve(name), FilmOptions.DEFAULT).picture());
        return ModelRunner.probabilities(model.runFilms(List.of(film)).getFirst());
    }
}
