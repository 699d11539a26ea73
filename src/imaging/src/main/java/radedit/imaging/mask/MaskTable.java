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
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * One row of a CSV file of masks such as those of CheXmask, with columns for the film's name, quality measures,
 * Landmarks, Left Lung, Right Lung, Heart, Height and Width.
 */
final class MaskTable {
    /** Cells longer than this are not names of films. */
    private static final int LONGEST_NAME = 512;
    /** Counting rows of one name stops here. */
    private static final int MOST_NAMED = 1000;
    /** Most rows of one name that a message lists. */
    private static final int MOST_SAID = 5;
    private static final long UNSAID = -1;
    /** Spellings of a missing number. */
    private static final Set<String> NONE = Set.of("nan", "na", "n/a", "<na>", "none", "null", "-");
    /** A whole number, possibly written as a floating-point number. */
    private static final Pattern SIDE = Pattern.compile("\\+?\\d{1,9}(\\.0*)?");

    private final Path file;
    private final List<String> header;
    private final List<String> row;

    private MaskTable(Path file, List<String> header, List<String> row) {
        this.file = file;
        this.header = header;
        this.row = row;
    }

    /** Receives rows, numbered from 1 after the header. */
    @FunctionalInterface
    private interface Visitor {
        /** Whether to go on. */
        boolean visit(long number, List<String> row);
    }

    /** The row with a number, from 1 after the header. */
    static MaskTable numbered(Path file, long number) throws IOException {
        List<List<String>> found = new ArrayList<>();
        List<String> header = scan(file, (n, row) -> {
            if (n == number) {
                found.add(row);
            }
            return n < number;
        });
        if (found.isEmpty()) {
            throw new ImageFormatException(file, "has no row " + number);
        }
        return new MaskTable(file, header, found.getFirst());
    }

    /**
     * The row with a film's name in one of its cells. The whole table is read, since a second row with the name may
     * contradict the first.
     *
     * @throws ImageFormatException
     *            if there is no such row, or more than one
     */
    static MaskTable named(Path file, String id) throws IOException {
        List<List<String>> found = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        List<String> header = scan(file, (n, row) -> {
            if (row.stream().anyMatch(c -> c.length() <= LONGEST_NAME && c.strip().equals(id))) {
                numbers.add(n);
                if (found.isEmpty()) {
                    found.add(row);
                }
            }
            return numbers.size() < MOST_NAMED;
        });
        if (found.isEmpty()) {
            throw new ImageFormatException(file, "has no row of '" + id + "'");
        }
        if (numbers.size() > 1) {
            throw new ImageFormatException(file, "has " + (numbers.size() == MOST_NAMED ? "at least " : "")
                    + numbers.size() + " rows of '" + id + "'; #row=K instead of id chooses one: row "
                    + String.join(", ", numbers.stream().limit(MOST_SAID).map(String::valueOf).toList())
                    + (numbers.size() > MOST_SAID ? ", ..." : ""));
        }
        return new MaskTable(file, header, found.getFirst());
    }

    /** The only row. */
    static MaskTable single(Path file) throws IOException {
        List<List<String>> found = new ArrayList<>();
        List<String> header = scan(file, (n, row) -> {
            found.add(row);
            return n < 2;
        });
        if (found.size() != 1) {
            throw new ImageFormatException(file, found.isEmpty()
                    ? "has no row"
                    : "has several rows; #id=NAME (what a cell of the row contains) or #row=K (from 1) chooses one");
        }
        return new MaskTable(file, header, found.getFirst());
    }

    /** Passes the rows to a visitor, one at a time, and returns the column names. */
    private static List<String> scan(Path file, Visitor visitor) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ImageFormatException(file, "is not a regular file");
        }
        try (BufferedReader in = open(file)) {
            CsvRows rows = new CsvRows(file, in);
            List<String> header = rows.next();
            if (header == null) {
                throw new ImageFormatException(file, "is empty; a table with a row of column names is expected");
            }
            long number = 0;
            for (List<String> row = rows.next(); row != null; row = rows.next()) {
                if (!visitor.visit(++number, row)) {
                    break;
                }
            }
            return header;
        }
    }

    private static BufferedReader open(Path file) throws IOException {
        // Malformed bytes become replacement characters: only names could contain them.
        return new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8), 1 << 16);
    }

    /** The cell of a column; case, blanks, dashes and underscores in its name do not matter. */
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

    /**
     * The film's size, from the columns Height and Width if the row has them, else the given one.
     *
     * @param given
     *            null if unknown
     * @param note
     *            receives a sentence if the given size is used
     * @throws ImageFormatException
     *            if the row has only one side and no size is given, or sides that are not valid
     * @return null if neither is known
     */
    @Nullable
    Extent extent(String source, @Nullable Extent given, Consumer<String> note) throws ImageFormatException {
        boolean told = index("Height") >= 0 || index("Width") >= 0;
        long height = side("Height");
        long width = side("Width");
        if (height != UNSAID && width != UNSAID) {
            return Extent.checked(source, width, height);
        }
        boolean half = height != UNSAID || width != UNSAID;
        if (given == null) {
            if (half) {
                throw new ImageFormatException(file,
                        Message.of("the row has ", height == UNSAID ? "a Width and no Height" : "a Height and no Width",
                                "; ", Setting.FILM, " F or ", Setting.SIZE, " WxH says both"));
            }
            return null;
        }
        if (half && (height == UNSAID ? width != given.width() : height != given.height())) {
            throw new ImageFormatException(file, "the row has the " + (height == UNSAID
                    ? "Width " + width
                    : "Height "
                            + height)
                    + ", and the given film has " + given.width() + " x " + given.height() + " pixels");
        }
        if (told) {
            note.accept(
                    source + ": the row does not say how large its film is; " + given.width() + " x " + given.height()
                            + " pixels are used, and the mask is wrong if it was drawn on another film");
        }
        return given;
    }

    /** A side of the film; {@link #UNSAID} where the cell is empty or says that the number is missing. */
    private long side(String column) throws ImageFormatException {
        String cell = index(column) < 0 ? "" : cell(column).strip();
        if (cell.isEmpty() || NONE.contains(cell.toLowerCase(Locale.ROOT))) {
            return UNSAID;
        }
        if (!SIDE.matcher(cell).matches()) {
            throw new ImageFormatException(file, "the row's " + column + " is '" + cell.substring(0, Math.min(40,
                    cell.length())) + "', a number of pixels is expected");
        }
        return (long) Double.parseDouble(cell);
    }
}
