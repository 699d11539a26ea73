package radedit.stress.evaluate;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;

import org.jspecify.annotations.Nullable;

import radedit.files.OutputFile;

/** Writes an evaluation as JSON, with everything in it, and its numbers as a table. */
public final class EvaluationFiles {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final List<String> COLUMNS = List.of("model", "role", "dose", "target", "column", "value",
            "cases", "patients", "metric", "estimate", "low95", "high95", "count", "note");

    private EvaluationFiles() {
    }

    /**
     * Writes results.json.
     *
     * @param e
     *            the evaluation
     * @param file
     *            the file
     * @throws IOException
     *             if it cannot be written
     */
    public static void json(Evaluation e, Path file) throws IOException {
        OutputFile.write(file,
                out -> out.write((JSON.writeValueAsString(e.toMap()) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Writes results.csv: a row for each number.
     *
     * @param e
     *            the evaluation
     * @param file
     *            the file
     * @throws IOException
     *             if it cannot be written
     */
    public static void csv(Evaluation e, Path file) throws IOException {
        OutputFile.write(file, out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
            csv.writeRecord(COLUMNS);
            for (Evaluation.ModelResult m : e.models()) {
                m.tables().forEach(t -> rows(csv, m.name(), t));
            }
            e.pictures().forEach(t -> rows(csv, "", t));
            text.flush();
        });
    }

    private static void rows(CsvWriter csv, String model, Group.Table t) {
        for (Estimate e : t.estimates()) {
            List<@Nullable String> cells = new ArrayList<>(List.of(model, t.group().role(),
                    Double.toString(t.group().dose()), t.group().target(), t.group().column(), t.group().value(),
                    Integer.toString(t.cases()), Integer.toString(t.patients()), e.metric()));
            cells.add(word(e.value()));
            cells.add(e.interval().map(i -> word(i.low())).orElse(null));
            cells.add(e.interval().map(i -> word(i.high())).orElse(null));
            cells.add(Integer.toString(e.count()));
            cells.add(e.note());
            csv.writeRecord(cells);
        }
    }

    private static @Nullable String word(double v) {
        return Double.isFinite(v) ? Double.toString(v) : null;
    }
}
