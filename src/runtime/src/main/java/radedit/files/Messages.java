package radedit.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

import radedit.message.Explained;
import radedit.message.Message;

/** Turns the terse messages of java.nio.file into sentences, and untrusted text into text that can be printed. */
public final class Messages {
    private static final int MAX_NAME_LENGTH = 160;

    private Messages() {
    }

    /**
     * {@return what went wrong, with the file's name where it is known}
     *
     * @param e
     *            the exception
     */
    public static Message of(IOException e) {
        return switch (e) {
            case Explained x -> x.explanation();
            case NoSuchFileException f -> Message.of(f.getFile(), ": no such file or folder");
            case FileAlreadyExistsException f -> Message.of(f.getFile(), ": exists already");
            case NotDirectoryException f -> Message.of(f.getFile(), ": is not a folder");
            case AccessDeniedException f -> Message.of(f.getFile(), ": permission denied");
            case FileSystemException f when f.getReason() != null && f.getOtherFile() != null ->
                    Message.of(f.getOtherFile(), " (made from ", f.getFile(), "): ", f.getReason());
            case FileSystemException f when f.getReason() != null -> Message.of(f.getFile(), ": ", f.getReason());
            default -> Message.of(e.getMessage() == null ? e : e.getMessage());
        };
    }

    /**
     * {@return what an exception says, or what the one says that it passes on}
     *
     * @param e
     *            the exception
     */
    public static Message saidBy(Throwable e) {
        return switch (e) {
            case Explained x -> x.explanation();
            case IOException io -> of(io);
            case UncheckedIOException u -> of(Objects.requireNonNull(u.getCause()));
            case DirectoryIteratorException d -> of(Objects.requireNonNull(d.getCause()));
            default -> Message.of(Objects.requireNonNullElseGet(e.getMessage(), e::toString));
        };
    }

    /**
     * {@return a name from an untrusted file, fit for a message or a table: control and format characters are
     * escaped, and a very long name is cut}
     *
     * @param name
     *            the name as the file has it
     */
    public static String printable(String name) {
        int[] points = name.codePoints().limit(MAX_NAME_LENGTH + 1).toArray();
        StringBuilder shown = new StringBuilder();
        int n = 0;
        // Limits the result too, because an escape has six characters.
        while (n < Math.min(points.length, MAX_NAME_LENGTH) && shown.length() <= 2 * MAX_NAME_LENGTH) {
            shown.append(escaped(Character.toString(points[n++])));
        }
        return n < points.length ? shown + "..." : shown.toString();
    }

    /**
     * {@return a text with its control, format and unassigned characters escaped as a backslash, u and at least
     * four hexadecimal digits; never cut}
     *
     * @param text
     *            the text as the file has it
     */
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
