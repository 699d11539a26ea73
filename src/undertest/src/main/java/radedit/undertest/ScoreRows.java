package radedit.undertest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import radedit.undertest.ModelException.Reason;
import radedit.undertest.OutputSpec.Values;

/** Collects the rows of a {@link ScoreFile}, and all that is wrong with them. */
final class ScoreRows {
    private static final int MOST_PROBLEMS = 1000;
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d{1,400}\\.?\\d{0,400}|\\.\\d{1,400})"
            + "([eE][+-]?\\d{1,4})?");

    private final Path file;
    private final Set<String> cases;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Output.Scores> scores = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final Set<String> broken = new HashSet<>();
    private OutputSpec spec;
    private boolean hasColumns;
    private @Nullable OutputDecoder decoder;

    ScoreRows(Path file, Collection<String> cases, OutputSpec spec) {
        this.file = file;
        this.cases = Set.copyOf(cases);
        this.spec = spec;
    }

    ModelException wrong(String fault) {
        return new ModelException(Reason.FILE, file + ": " + fault);
    }

    OutputSpec spec() {
        return spec;
    }

    boolean hasColumns() {
        return hasColumns;
    }

    /** Declares the columns of the file: all are classes unless the classes are named. */
    void setColumns(List<String> columns) throws ModelException {
        List<String> missing = new ArrayList<>(spec.names());
        missing.removeAll(columns);
        if (!missing.isEmpty()) {
            throw wrong("has no column '" + SpecReader.shorten(missing.getFirst()) + "'; its columns are "
                    + SpecReader.shorten(String.join(", ", columns)));
        }
        try {
            // Columns are found by name, so that their numbers in a preprocessing file do not matter here.
            spec = spec.withNames(spec.names().isEmpty() ? columns : spec.names());
        } catch (IllegalArgumentException e) {
            throw wrong("cannot be used: " + e.getMessage());
        }
        decoder = new OutputDecoder(file.toString(), spec);
        hasColumns = true;
    }

    void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text);
        }
    }

    /** Notes a case whose row is broken, so that it is not called missing as well. */
    void seen(String id) {
        broken.add(id.strip());
    }

    /** The number in a cell; NaN, and a problem, if it is none. */
    double number(String place, String cell) {
        String text = cell.strip();
        if (NUMBER.matcher(text).matches()) {
            return checked(place, Double.parseDouble(text), text);
        }
        problem(place + (text.isEmpty() ? " is empty" : ": '" + SpecReader.shorten(text) + "' is not a number"));
        return Double.NaN;
    }

    private double checked(String place, double v, String text) {
        if (spec.values() == Values.PROBABILITIES && (v < 0 || v > 1)) {
            problem(place + ": " + SpecReader.shorten(text) + " " + ScoreFile.NO_PROBABILITY);
            return Double.NaN;
        }
        if (!Double.isFinite(v)) {
            problem(place + ": " + SpecReader.shorten(text) + " is too large");
            return Double.NaN;
        }
        return v;
    }

    /** The scores of all classes in a JSON object. */
    double[] numbers(String place, ObjectNode json) {
        double[] values = new double[spec.names().size()];
        for (int i = 0; i < values.length; i++) {
            String name = spec.names().get(i);
            JsonNode v = json.get(name);
            String where = place + ", key '" + name + "'";
            if (v == null || !v.isNumber()) {
                problem(where + (v == null
                        ? " is missing"
                        : ": " + SpecReader.shorten(v.toString())
                                + " is not a number"));
                values[i] = Double.NaN;
            } else {
                values[i] = checked(where, v.doubleValue(), v.toString());
            }
        }
        return values;
    }

    void add(String place, String id, double[] values) throws ModelException {
        String name = id.strip();
        if (name.isEmpty()) {
            problem(place + " has no " + ScoreFile.CASE_ID);
            return;
        }
        String before = places.putIfAbsent(name, place);
        if (before != null) {
            problem(place + ": case '" + SpecReader.shorten(name) + "' is in " + before + " already");
            return;
        }
        if (!cases.isEmpty() && !cases.contains(name)) {
            problem(place + ": case '" + SpecReader.shorten(name) + "' is unknown");
        }
        if (decoder != null) {
            scores.put(name, decoder.scores(values));
        }
    }

    /** All scores, if nothing is wrong. */
    Map<String, Output.Scores> finish() throws ModelException {
        cases.stream().filter(c -> !places.containsKey(c) && !broken.contains(c)).sorted()
                .forEach(c -> problem("case '" + SpecReader.shorten(c) + "' is missing"));
        if (scores.isEmpty() && problems.isEmpty()) {
            throw wrong("has no scores");
        }
        if (!problems.isEmpty()) {
            throw ModelException.of(file.toString(), problems);
        }
        return scores;
    }
}
