package radedit.stress.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import radedit.undertest.ModelException;
import radedit.undertest.ModelException.Reason;

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
