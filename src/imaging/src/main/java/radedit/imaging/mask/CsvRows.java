package radedit.imaging.mask;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;

/**
 * Reads rows of comma-separated values (RFC 4180), or of values separated by semicolons or tabs if the first row has
 * these and no comma. Holds one row at a time and refuses rows of excessive length before they fill the memory, which is
 * why no library reads it.
 */
final class CsvRows {
    private static final int LONGEST_ROW = 1 << 24;
    private static final int MOST_CELLS = 4096;

    private final Path file;
    private final Reader in;
    private int ahead;
    private long row;
    private char separator = ',';

    CsvRows(Path file, Reader in) throws IOException {
        this.file = file;
        this.in = in;
        this.ahead = in.read();
        if (ahead == 0xFEFF) { // a byte order mark
            ahead = in.read();
        }
    }

    /** The next row that is not empty; null at the end of the file. */
    @Nullable
    List<String> next() throws IOException {
        while (ahead == '\n' || ahead == '\r') {
            ahead = in.read();
        }
        if (ahead < 0) {
            return null;
        }
        row++;
        List<String> cells = new ArrayList<>();
        int length = 0;
        while (true) {
            String cell = cell(LONGEST_ROW - length);
            length += cell.length();
            cells.add(cell);
            if (cells.size() > MOST_CELLS) {
                throw new ImageFormatException(file, "row " + row + " has more than " + MOST_CELLS + " cells");
            }
            if (ahead != separator) {
                return row == 1 && cells.size() == 1 ? first(cells.getFirst()) : cells;
            }
            ahead = in.read();
        }
    }

    /** Splits the first row, which has no comma, at its separator; the separator then holds for all rows. */
    private List<String> first(String text) throws ImageFormatException {
        for (char c : new char[]{';', '\t'}) {
            String[] cells = text.split(String.valueOf(c), -1);
            if (cells.length > MOST_CELLS) {
                throw new ImageFormatException(file, "row 1 has more than " + MOST_CELLS + " cells");
            }
            if (cells.length > 1) {
                separator = c;
                return Arrays.stream(cells).map(s -> s.length() > 1 && s.startsWith("\"") && s.endsWith("\"")
                        ? s.substring(1, s.length() - 1)
                        : s).toList();
            }
        }
        return List.of(text);
    }

    private String cell(int most) throws IOException {
        StringBuilder b = new StringBuilder();
        boolean quoted = ahead == '"';
        if (quoted) {
            ahead = in.read();
        }
        while (ahead >= 0 && (quoted || ahead != separator && ahead != '\n' && ahead != '\r')) {
            if (quoted && ahead == '"') {
                ahead = in.read();
                if (ahead != '"') {
                    quoted = false;
                    continue;
                }
            }
            if (b.length() >= most || ahead == 0) {
                throw new ImageFormatException(file, ahead == 0
                        ? "is not text: row " + row + " has a zero byte"
                        : "row " + row + " is longer than " + LONGEST_ROW + " characters");
            }
            b.append((char) ahead);
            ahead = in.read();
        }
        return b.toString();
    }
}
