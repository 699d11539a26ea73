package radedit.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** What a download leaves in the place of a file: a pointer of Git LFS, a web page, a server's error. */
public final class Placeholder {
    /** Bytes that tell. */
    public static final int HEAD = 64;

    private Placeholder() {
    }

    /**
     * What stands in the place of a file.
     *
     * @param head
     *            its first bytes
     * @return a sentence without its subject; null if it is none of these
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
     * Refuses a file in whose place one of these stands.
     *
     * @throws FormatException
     *             if it does
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
