package radedit.stress.evaluate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.ScoreFile;

/**
 * What a classifier says about the films of a run.
 *
 * @param name
 *            the model's name in results
 * @param about
 *            which model it is: JSON values by name
 * @param classes
 *            its classes
 * @param thresholds
 *            the probability from which on a class is decided "yes", one a class
 * @param thresholdsFrom
 *            where thresholds are from, in words
 * @param byFilm
 *            probabilities, one a class, by the case's or the original's name
 */
public record Scores(String name, Map<String, Object> about, List<String> classes, double[] thresholds,
        String thresholdsFrom, Map<String, double[]> byFilm) {
    /**
     * {@return the scores of a file}
     *
     * @param name
     *            the model's name in results
     * @param file
     *            the file
     */
    public static Scores of(String name, ScoreFile file) {
        List<String> classes = file.spec().names();
        Map<String, double[]> all = new LinkedHashMap<>();
        file.scores().forEach((film, s) -> all.put(film, s.probabilities()));
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("source", file.file().toString());
        about.put("sha256", file.sha256());
        return new Scores(name, about, classes,
                ModelRunner.thresholds(file.spec(), classes), "0.5", all);
    }

    /**
     * {@return these scores with one threshold for all classes}
     *
     * @param threshold
     *            the probability from which on a class is decided "yes"
     */
    public Scores at(double threshold) {
        double[] all = new double[classes.size()];
        Arrays.fill(all, threshold);
        return new Scores(name, about, classes, all, "given", byFilm);
    }

    /** {@return the index of a class} */
    int index(String className) {
        return classes.indexOf(className);
    }

    /** {@return the probability of a class for a film} */
    double of(String film, int index) {
        double[] all = byFilm.get(film);
        if (all == null) {
            throw new IllegalStateException("no score of " + film); // requireAll was not called
        }
        return all[index];
    }

    /**
     * Checks that there are scores of all films.
     *
     * @param films
     *            their names
     * @throws ModelException
     *             if some are missing
     */
    public void requireAll(List<String> films) throws ModelException {
        List<String> missing = films.stream().filter(f -> !byFilm.containsKey(f)).toList();
        if (!missing.isEmpty()) {
            throw new ModelException(Reason.FILE, name + ": has no scores of " + missing.size() + " of " + films.size()
                    + " films, such as " + missing.getFirst()
                    + "; 'stress export' writes the names of all films, also of those before the edit");
        }
    }

    Map<String, Object> toMap() {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("name", name);
        m.put("kind", "classification");
        m.put("model", about);
        m.put("classes", classes);
        Map<String, Double> t = new TreeMap<>();
        for (int c = 0; c < classes.size(); c++) {
            t.put(classes.get(c), thresholds[c]);
        }
        m.put("thresholds", t);
        m.put("thresholds_from", thresholdsFrom);
        return m;
    }
}
