package radedit.imaging.volume;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;

/** Numbers as text, separated by blanks, line breaks or commas. */
final class NumberText {
    private static final int LONGEST = 40;

    private final Path file;
    private final InputStream in;

    /**
     * Reads from a stream.
     *
     * @param in
     *            buffered
     */
    NumberText(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** The next number. */
    double next() throws IOException {
        int c = in.read();
        while (isBetween(c)) {
            c = in.read();
        }
        StringBuilder word = new StringBuilder();
        while (c >= 0 && !isBetween(c) && word.length() <= LONGEST) {
            word.append((char) c);
            c = in.read();
        }
        if (word.isEmpty()) {
            throw new ImageFormatException(file, "truncated: it ends before its last voxel");
        }
        String text = word.toString();
        if (text.length() > LONGEST || !text.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,3})?")) {
            String lower = text.toLowerCase(java.util.Locale.ROOT);
            if (lower.matches("[-+]?(nan|inf|infinity)")) {
                return lower.contains("nan")
                        ? Double.NaN
                        : lower.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            }
            throw new ImageFormatException(file,
                    "has '" + text.replaceAll("[^ -~]", "?") + "' where a number should be");
        }
        return Double.parseDouble(text);
    }

    private static boolean isBetween(int c) {
        return c == ' ' || c == ',' || c >= '\t' && c <= '\r';
    }
}
