package radedit.undertest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

import radedit.undertest.ModelException.Reason;

/**
 * A table of comma-separated values (RFC 4180) with a row of column names, in UTF-8 with or without a byte order mark.
 * Semicolons or tabs separate cells if the first row has these and no comma. Empty lines are skipped.
 *
 * @param header
 *            names of the columns: not empty, all different
 * @param rows
 *            the others
 */
public record CsvTable(List<String> header, List<Row> rows) {
    private static final int LARGEST_FILE = 1 << 28;
    private static final int MOST_COLUMNS = 4096;

    /**
     * A row.
     *
     * @param number
     *            counted from 1, without the first row and empty lines
     * @param cells
     *            as many as there are columns, or another number: the caller has to say so
     */
    public record Row(int number, List<String> cells) {
    }

    /**
     * Reads a table.
     *
     * @param file
     *            up to 256 MiB
     * @return the table
     * @throws ModelException
     *             if the file is not such a table, or a column has no name or that of another
     * @throws IOException
     *             if the file cannot be read
     */
    public static CsvTable read(Path file) throws IOException {
        return parse(file, text(file));
    }

    /** The text of a file in UTF-8, without a byte order mark. */
    static String text(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(Reason.FILE, file + ": is not a file, or missing");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        }
        if (bytes.length > LARGEST_FILE) {
            throw new ModelException(Reason.FILE, file + ": is larger than 256 MiB; split it");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ModelException(Reason.FILE, file + ": is not UTF-8; save it as \"CSV UTF-8\"", e);
        }
        if (text.indexOf('\0') >= 0) {
            throw new ModelException(Reason.FILE, file + ": is not text, it has zero bytes");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static CsvTable parse(Path file, String text) throws ModelException {
        List<Row> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(separator(text)).skipEmptyLines(true)
                .ignoreDifferentFieldCount(true).acceptCharsAfterQuotes(false).ofCsvRecord(text)) {
            for (CsvRecord r : reader) {
                rows.add(new Row(rows.size(), List.copyOf(r.getFields())));
            }
        } catch (CsvParseException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ModelException(Reason.FILE, file + ": is not a table of comma-separated values: "
                    + SpecReader.shorten(String.valueOf(cause.getMessage())), e);
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory does not fail
        }
        if (rows.isEmpty()) {
            throw new ModelException(Reason.FILE, file + ": is empty; a first row with names of columns is expected");
        }
        List<String> header = rows.removeFirst().cells().stream().map(String::strip).toList();
        if (header.size() > MOST_COLUMNS) {
            throw new ModelException(Reason.FILE, file + ": has " + header.size() + " columns, at most " + MOST_COLUMNS
                    + " are read");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).isEmpty()) {
                throw new ModelException(Reason.FILE, file + ": column " + (i + 1) + " has no name in the first row");
            }
            if (!names.add(header.get(i))) {
                throw new ModelException(Reason.FILE, file + ": has two columns '" + SpecReader.shorten(header.get(i))
                        + "'");
            }
        }
        return new CsvTable(header, rows);
    }

    /** The comma, or what the first row has instead. */
    private static char separator(String text) {
        boolean quoted = false;
        char other = ',';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (!quoted && c == ',') {
                return ',';
            }
            if (!quoted && (c == '\n' || c == '\r') && i > 0) {
                return other;
            }
            if (!quoted && (c == ';' || c == '\t') && other == ',') {
                other = c;
            }
        }
        return other;
    }
}
