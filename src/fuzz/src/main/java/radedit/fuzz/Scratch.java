package radedit.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The one file that inputs are written to, since readers take files. */
public final class Scratch {
    private static final Path FILE = make();

    private Scratch() {
    }

    private static Path make() {
        try {
            Path file = Files.createTempFile("fuzz", ".bin");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file, with these bytes in it. */
    public static Path holding(byte[] data) {
        try {
            return Files.write(FILE, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Refusals name the file and are short enough to be read. */
    public static void check(Exception refusal) {
        String m = refusal.getMessage();
        if (m == null || m.isBlank() || m.length() > 1000) {
            throw new IllegalStateException("a refusal that says nothing, or too much", refusal);
        }
    }
}
