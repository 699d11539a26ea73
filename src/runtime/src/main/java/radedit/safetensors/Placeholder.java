package radedit.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Recognises what a failed or incomplete download leaves instead of a file: a Git LFS pointer or a web page. */
public final class Placeholder {
    /** Number of leading bytes that {@link #describe} needs. */
    public static final int HEAD = 64;

    private Placeholder() {
    }

    /**
     * Recognises a placeholder by its first bytes.
     *
     * @param head
     *            the first {@value #HEAD} bytes of a file, fewer if it is shorter
     * @return a predicate without its subject (the file), with the way out; null if it is not a placeholder
     */
    public static @Nullable String describe(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1).stripLeading().toLowerCase(Locale.ROOT);
        if (text.startsWith("version https://git-lfs")) {
            return "is a Git LFS pointer, not the file; 'git lfs pull' fetches it";
        }
        if (text.startsWith("<!doctype") || text.startsWith("<html") || text.startsWith("<?xml")
                || text.startsWith("<head") || text.startsWith("<!--")) {
            return "is a web page, not the file; the download failed, repeat it";
        }
        return null;
    }

    /**
     * Checks that a file is not a placeholder.
     *
     * @param file
     *            the file
     * @throws FormatException
     *             if it is one
     * @throws IOException
     *             if it cannot be read
     */
    public static void refuse(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String what = describe(in.readNBytes(HEAD));
            if (what != null) {
                throw new FormatException(file, what);
            }
        }
    }
}
