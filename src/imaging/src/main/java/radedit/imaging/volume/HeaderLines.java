package radedit.imaging.volume;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;
import radedit.imaging.PixelSpacing;

/** The lines of a header before binary data. */
final class HeaderLines {
    private static final int LONGEST = 1 << 16;
    private static final int LONGEST_HEADER = 1 << 20;

    private final Path file;
    private final InputStream in;
    private int read;

    HeaderLines(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** The next line without its end; null at the end of the file. */
    @Nullable
    String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = in.read()) >= 0) {
            read++;
            if (c == '\n') {
                int last = line.length() - 1;
                return last >= 0 && line.charAt(last) == '\r' ? line.substring(0, last) : line.toString();
            }
            line.append((char) c);
            if (line.length() > LONGEST || read > LONGEST_HEADER) {
                throw new ImageFormatException(file, "damaged header (it does not end)");
            }
        }
        return line.isEmpty() ? null : line.toString();
    }

    /** Bytes read so far. */
    int read() {
        return read;
    }

    /** Integers separated by blanks. */
    static List<Long> integers(Path file, String key, String text) throws ImageFormatException {
        List<Long> out = new ArrayList<>();
        for (String word : text.strip().split("[\\s,]+")) {
            if (!word.matches("-?\\d{1,18}")) {
                throw damaged(file, key, text);
            }
            out.add(Long.parseLong(word));
        }
        return out;
    }

    /** One integer. */
    static long integer(Path file, String key, String text) throws ImageFormatException {
        List<Long> all = integers(file, key, text);
        if (all.size() != 1) {
            throw damaged(file, key, text);
        }
        return all.getFirst();
    }

    static ImageFormatException damaged(Path file, String key, String text) {
        String shown = text.replaceAll("[^ -~]", "?");
        return new ImageFormatException(file, "damaged header (" + key + ": '"
                + shown.substring(0, Math.min(60, shown.length())) + "')");
    }

    /**
     * Parses two spacings.
     *
     * @param element
     *            the header's field, for metadata
     * @return unknown if they are not positive numbers
     */
    static FilmSpace space(String rows, String columns, String element) {
        try {
            double r = Double.parseDouble(rows);
            double c = Double.parseDouble(columns);
            return r > 0 && c > 0 && Double.isFinite(r) && Double.isFinite(c) && Double.isFinite(r / c)
                    ? new PixelSpacing(r, c, element)
                    : FilmSpace.UNKNOWN;
        } catch (NumberFormatException e) {
            return FilmSpace.UNKNOWN;
        }
    }
}
