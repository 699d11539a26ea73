package radedit.stress;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;

import org.jspecify.annotations.Nullable;

import radedit.files.OutputFile;

/** results.csv: a row for each case, in the order of the plan. */
final class ResultsTable {
    private static final List<String> OURS = List.of("case_id", "patient_id", "role", "base", "dose", "target",
            "direction", "status", "reason", "seed", "image_text_score", "edit_score", "tries", "image",
            "image_sha256", "original", "film_sha256", "edit_mask_image", "keep_mask_image", "seconds");

    private ResultsTable() {
    }

    /**
     * Writes the table.
     *
     * @param own
     *            columns of the manifest that are carried through
     */
    static void write(RunFolder folder, Plan plan, Set<Integer> rows, Journal journal, List<String> own)
            throws IOException {
        OutputFile.write(folder.file(RunFolder.RESULTS), out -> {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text);
            csv.writeRecord(Values.joined(OURS, own));
            for (int i = 0; i < plan.cases().size(); i++) {
                if (rows.contains(i)) {
                    StressCase c = plan.cases().get(i);
                    csv.writeRecord(row(c, journal.entry(c.id()), own));
                }
            }
            text.flush();
        });
    }

    private static List<@Nullable String> row(StressCase c, @Nullable JsonNode e, List<String> own) {
        List<@Nullable String> cells = new ArrayList<>();
        Values v = c.values();
        boolean made = e != null && e.hasNonNull("image_sha256");
        cells.add(c.id());
        cells.add(c.patient());
        cells.add(c.role());
        cells.add(c.base());
        cells.add(v.first(StressCase.DOSE));
        cells.add(v.first(StressCase.TARGET));
        cells.add(v.first(StressCase.DIRECTION));
        cells.add(e == null ? "pending" : text(e, "status"));
        cells.add(text(e, "reason"));
        cells.add(text(e, "seed"));
        cells.add(text(e, "image_text_score"));
        cells.add(text(e, "edit_score"));
        cells.add(e == null || !made ? null : Integer.toString(Math.max(1, e.path("tries").size())));
        cells.add(made ? RunFolder.image(c.id()) : null);
        cells.add(text(e, "image_sha256"));
        cells.add(text(e, "original"));
        cells.add(text(e, "film_sha256"));
        cells.add(made ? RunFolder.editMask(c.id()) : null);
        cells.add(made && !v.all("keep_mask").isEmpty() ? RunFolder.keepMask(c.id()) : null);
        cells.add(text(e, "seconds"));
        own.forEach(column -> cells.add(String.join("; ", v.all(column))));
        return cells;
    }

    private static @Nullable String text(@Nullable JsonNode e, String name) {
        return e == null || !e.hasNonNull(name) ? null : e.path(name).asText();
    }
}
