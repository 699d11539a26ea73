package radedit.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.digest.Digests;
import radedit.files.Messages;
import radedit.safetensors.FormatException;

/** A file of SHA-256 hashes in the format of coreutils: {@code sha256sum -c} checks it. */
final class Sums {
    static final String FILE = "SHA256SUMS";

    private static final long MOST = 16 << 20;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *](.+)");

    private Sums() {
    }

    /** Writes the file for the files of these names in a folder. */
    static void write(Path folder, List<String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(Digests.hex("SHA-256", folder.resolve(name))).append("  ").append(name).append('\n');
        }
        Files.writeString(folder.resolve(FILE), lines);
    }

    /**
     * {@return hash by name}
     *
     * @param folder
     *            the certificate
     * @throws FormatException
     *             if the file is missing or too large, names a path outside of the folder, or one path twice
     */
    static Map<String, String> read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FormatException(folder, "is no certificate: it has no file " + FILE);
        }
        if (Files.size(file) > MOST) {
            throw new FormatException(file, "is too large");
        }
        Map<String, String> all = new LinkedHashMap<>();
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            Matcher m = LINE.matcher(line);
            if (!m.matches()) {
                throw new FormatException(file, "is not in the format of sha256sum");
            }
            String name = m.group(2);
            if (!isInside(name)) {
                throw new FormatException(file,
                        "names '" + Messages.printable(name) + "', which may lie outside of the folder");
            }
            if (all.put(name, m.group(1)) != null) {
                throw new FormatException(file, "names '" + Messages.printable(name) + "' twice");
            }
        }
        return all;
    }

    /** Whether a text is a SHA-256 hash in hexadecimal. */
    static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /** Whether a name is a plain path in a folder, on any system. */
    static boolean isInside(String name) {
        if (name.isEmpty() || name.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':' || c == 0x7F)) {
            return false;
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                return false;
            }
        }
        return true;
    }
}
