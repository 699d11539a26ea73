package radedit.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes comma-separated values (RFC 4180). */
final class CsvWriter {
    private final Appendable out;

    CsvWriter(Appendable out) {
        this.out = out;
    }

    /** Writes a row; null becomes an empty cell. */
    void row(@Nullable Object... cells) throws IOException {
        out.append(Arrays.stream(cells).map(c -> c == null ? "" : quoted(c.toString()))
                .collect(Collectors.joining(",", "", "\r\n")));
    }

    private static String quoted(String cell) {
        boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
