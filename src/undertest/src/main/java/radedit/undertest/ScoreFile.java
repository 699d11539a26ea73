package radedit.undertest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.digest.Digests;
import radedit.undertest.ModelException.Reason;
import radedit.undertest.OutputSpec.Values;

/**
 * Scores that a classifier elsewhere gave: a table of comma-separated values with the columns {@code case_id} and one a
 * class, or a file of one JSON object a line, {@code {"case_id": "a", "Effusion": 0.2}} or
 * {@code {"case_id": "a", "scores": {"Effusion": 0.2}}}. Further columns or keys are ignored if the classes are named.
 *
 * @param file
 *            the file
 * @param sha256
 *            of its content, in hexadecimal
 * @param spec
 *            what the scores are, with the classes' names
 * @param scores
 *            by case, in the order of the file
 */
public record ScoreFile(Path file, String sha256, OutputSpec spec, Map<String, Output.Scores> scores) {
    /** The column or key of a case's name. */
    public static final String CASE_ID = "case_id";
    /** How problems end that are about a number which may be a logit, though probabilities are declared. */
    public static final String NO_PROBABILITY = "is not a probability from 0 to 1";

    /** Copies the map, in its order. */
    public ScoreFile {
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }

    /**
     * Reads scores.
     *
     * @param file
     *            up to 256 MiB; JSON lines if its name ends in {@code .jsonl} or {@code .ndjson}, else a table
     * @param cases
     *            the cases that have to be there, and no others; empty for any
     * @param spec
     *            whether scores are probabilities or logits; the classes, if it has names, which have to be there
     * @return scores of all cases
     * @throws ModelException
     *             if anything is missing, doubled, unknown, not a number or out of range; has all problems, with their
     *             rows, counted from 1 without the header and empty lines
     * @throws IOException
     *             if the file cannot be read
     */
    public static ScoreFile read(Path file, Collection<String> cases, OutputSpec spec) throws IOException {
        if (spec.kind() != ModelUnderTest.Kind.CLASSIFICATION || spec.values() == Values.LABELS) {
            throw new ModelException(Reason.REQUEST, file + ": has scores, but the task is segmentation");
        }
        ScoreRows rows = new ScoreRows(file, cases, spec);
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            lines(rows, CsvTable.text(file));
        } else {
            table(rows, CsvTable.read(file));
        }
        return new ScoreFile(file, Digests.hex(List.of(file)), rows.spec(), rows.finish());
    }

    private static void table(ScoreRows rows, CsvTable table) throws ModelException {
        int id = table.header().indexOf(CASE_ID);
        if (id < 0) {
            throw rows.wrong("has no column '" + CASE_ID + "'; its columns are "
                    + SpecReader.shorten(String.join(", ", table.header())));
        }
        List<String> others = new ArrayList<>(table.header());
        others.remove(id);
        rows.setColumns(others);
        int[] columns = rows.spec().names().stream().mapToInt(table.header()::indexOf).toArray();
        for (CsvTable.Row r : table.rows()) {
            String place = "row " + r.number();
            if (r.cells().size() != table.header().size()) {
                rows.problem(place + " has " + r.cells().size() + " cells, the first row has " + table.header().size());
                rows.seen(r.cells().size() > id ? r.cells().get(id) : "");
                continue;
            }
            double[] values = new double[columns.length];
            for (int c = 0; c < columns.length; c++) {
                values[c] = rows.number(place + ", column '" + table.header().get(columns[c]) + "'",
                        r.cells().get(columns[c]));
            }
            rows.add(place, r.cells().get(id), values);
        }
    }

    private static void lines(ScoreRows rows, String text) throws ModelException {
        long number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            if (line.isBlank()) {
                continue;
            }
            number++;
            String place = "row " + number;
            ObjectNode json;
            try {
                json = JsonFiles.object(line);
            } catch (IOException e) {
                rows.problem(place + " " + e.getMessage());
                continue;
            }
            JsonNode id = json.remove(CASE_ID);
            JsonNode nested = json.get("scores");
            ObjectNode scores = nested instanceof ObjectNode o ? o : json;
            if (!rows.hasColumns()) {
                List<String> names = new ArrayList<>();
                scores.fieldNames().forEachRemaining(names::add);
                rows.setColumns(names);
            }
            rows.add(place, id != null && id.isTextual() ? id.textValue() : "", rows.numbers(place, scores));
        }
        if (!rows.hasColumns()) {
            throw rows.wrong("has no scores");
        }
    }
}
