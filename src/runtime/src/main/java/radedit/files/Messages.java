package radedit.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

import radedit.message.Explained;
import radedit.message.Message;

/** Turns the terse messages of java.nio.file into sentences, and a stranger's words into what can be shown. */
public final class Messages {
    private static final int LONGEST = 160;

    private Messages() {
    }

    /** What went wrong, with the file's name where it is known. */
    public static Message of(IOException e) {
        return switch (e) {
            case Explained x -> x.explanation();
            case NoSuchFileException f -> Message.of(f.getFile(), ": no such file or folder");
            case FileAlreadyExistsException f -> Message.of(f.getFile(), ": exists already");
            case NotDirectoryException f -> Message.of(f.getFile(), ": is not a folder");
            case AccessDeniedException f -> Message.of(f.getFile(), ": permission denied");
            case FileSystemException f when f.getReason() != null -> Message.of(f.getFile(), ": ", f.getReason());
            default -> Message.of(e.getMessage() == null ? e : e.getMessage());
        };
    }

    /**
     * A name out of a file that is not trusted, for a message or a table: characters that would steer a terminal or
     * hide others are escaped, and what is very long is cut.
     */
    public static String printable(String name) {
        int[] points = name.codePoints().limit(LONGEST + 1).toArray();
        StringBuilder shown = new StringBuilder();
        int n = 0;
        while (n < Math.min(points.length, LONGEST) && shown.length() <= 2 * LONGEST) { // escapes are six long
            shown.append(escaped(Character.toString(points[n++])));
        }
        return n < points.length ? shown + "..." : shown.toString();
    }

    /** The same, whole. */
    public static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED, Character.PRIVATE_USE ->
                        out.append(String.format("\\u%04X", c));
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
