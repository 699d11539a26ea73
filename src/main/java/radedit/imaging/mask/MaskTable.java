package radedit.imaging.mask;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import radedit.imaging.ImageFormatException;

/**
 * One row of a CSV file of masks such as those of CheXmask, whose columns are the name of the film, qualities, Landmarks,
 * Left Lung, Right Lung, Heart, Height and Width.
 */
final class MaskTable {
    /** Cells longer than this are no names of films. */
    private static final int LONGEST_NAME = 512;

    private final Path file;
    private final List<String> header;
    private final List<String> row;

    private MaskTable(Path file, List<String> header, List<String> row) {
        this.file = file;
        this.header = header;
        this.row = row;
    }

    /** The row of this number, counted from 1 behind the header. */
    static MaskTable numbered(Path file, long number) throws IOException {
        return find(file, new Predicate<>() {
            private long n;

            @Override
            public boolean test(List<String> row) {
                return ++n == number;
            }
        }, "row " + number);
    }

    /** The first row that has this in one of its cells: the name of a film. */
    static MaskTable named(Path file, String id) throws IOException {
        return find(file, row -> row.stream().anyMatch(c -> c.length() <= LONGEST_NAME && c.strip().equals(id)),
                "row of '" + id + "'");
    }

    /** The only row. */
    static MaskTable single(Path file) throws IOException {
        MaskTable first = numbered(file, 1);
        try (BufferedReader in = open(file)) {
            CsvRows rows = new CsvRows(file, in);
            rows.next();
            rows.next();
            if (rows.next() != null) {
                throw new ImageFormatException(file,
                        "has several rows; #id=NAME (what a cell of the row says) or #row=K"
                                + " (from 1) chooses one");
            }
        }
        return first;
    }

    private static MaskTable find(Path file, Predicate<List<String>> wanted, String what) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is no regular file");
        }
        try (BufferedReader in = open(file)) {
            CsvRows rows = new CsvRows(file, in);
            List<String> header = rows.next();
            if (header == null) {
                throw new ImageFormatException(file, "is empty; a table with a row of column names is expected");
            }
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                if (wanted.test(row)) {
                    return new MaskTable(file, header, row);
                }
            }
        }
        throw new ImageFormatException(file, "has no " + what);
    }

    private static BufferedReader open(Path file) throws IOException {
        // Malformed bytes become replacement characters: only names could contain them.
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), 1 << 16);
    }

    /** The cell of a column, whose name may be written in any case, with blanks, dashes or underscores. */
    String cell(String column) throws ImageFormatException {
        int i = index(column);
        if (i < 0) {
            List<String> names = new ArrayList<>();
            header.stream().limit(20).forEach(h -> names.add(h.substring(0, Math.min(40, h.length()))));
            throw new ImageFormatException(file, "has no column '" + column + "'; its columns are "
                    + String.join(", ", names));
        }
        return i < row.size() ? row.get(i) : "";
    }

    private int index(String column) {
        for (int i = 0; i < header.size(); i++) {
            if (plain(header.get(i)).equals(plain(column))) {
                return i;
            }
        }
        return -1;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    }

    /** The film's size if the table has the columns Height and Width; else what is given. */
    Extent extent(String source, Extent otherwise) throws ImageFormatException {
        if (index("Height") < 0 || index("Width") < 0) {
            return otherwise;
        }
        double[] size = NumberList.coordinates(source, cell("Width") + " " + cell("Height"), 2);
        if (size.length < 2) {
            throw new ImageFormatException(file, "the row has no Height and Width");
        }
        return Extent.checked(source, (long) size[0], (long) size[1]);
    }
}
