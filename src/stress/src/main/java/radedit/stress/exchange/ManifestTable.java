package radedit.stress.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;

import radedit.stress.Values;

/**
 * Rows to be written as a manifest, or as a list of prompts.
 *
 * @param comments
 *            lines before the header, without their {@code #}
 * @param columns
 *            the columns, in order
 * @param rows
 *            the rows
 */
public record ManifestTable(List<String> comments, List<String> columns, List<Values> rows) {
    /**
     * Writes CSV that {@link radedit.stress.Manifest} reads; further values of a column are in {@code COLUMN.2} and so on.
     *
     * @param out
     *            the file
     * @throws IOException
     *             if it cannot be written
     */
    public void writeTo(OutputStream out) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        for (String c : comments) {
            text.write("# " + c + "\n");
        }
        int[] widths = columns.stream().mapToInt(c -> rows.stream().mapToInt(r -> r.all(c).size()).max().orElse(1))
                .map(n -> Math.max(1, n)).toArray();
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text);
        List<String> header = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            for (int k = 1; k <= widths[i]; k++) {
                header.add(columns.get(i) + (k == 1 ? "" : "." + k));
            }
        }
        csv.writeRecord(header);
        for (Values r : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < widths.length; i++) {
                List<String> all = r.all(columns.get(i));
                for (int k = 0; k < widths[i]; k++) {
                    cells.add(k < all.size() ? all.get(k) : "");
                }
            }
            csv.writeRecord(cells);
        }
        text.flush();
    }
}
