package radedit.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.safetensors.FormatException;

/** The first block of a PEM file (RFC 7468); text before it is permitted. */
final class PemFile {
    /** An RSA key of 16384 bits takes 13 kB. */
    private static final int MOST = 1 << 16;
    private static final Pattern BLOCK = Pattern
            .compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]{0,65536}+)-----END \\1-----");
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");

    private final Path file;
    private final String label;
    private final byte[] content;

    private PemFile(Path file, String label, byte[] content) {
        this.file = file;
        this.label = label;
        this.content = content;
    }

    static PemFile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FormatException(file, "is a folder; expected a PEM file");
        }
        byte[] all;
        try (InputStream in = Files.newInputStream(file)) {
            all = in.readNBytes(MOST + 1);
        }
        if (all.length > MOST) {
            throw new FormatException(file, "is too large for a key in PEM");
        }
        String text = new String(all, StandardCharsets.ISO_8859_1);
        Matcher block = BLOCK.matcher(text);
        Matcher begin = BEGIN.matcher(text);
        if (!begin.find()) {
            throw new FormatException(file, "is not a PEM file: it has no -----BEGIN line");
        }
        if (!block.find(begin.start()) || block.start() != begin.start()) {
            return new PemFile(file, begin.group(1), new byte[0]);
        }
        try {
            return new PemFile(file, block.group(1),
                    Base64.getDecoder().decode(block.group(2).replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new FormatException(file, "its base64 is damaged");
        }
    }

    /**
     * {@return the block's bytes}
     *
     * @param wanted
     *            the label it must have
     * @param hint
     *            the way out if it has another
     */
    byte[] bytes(String wanted, String hint) throws FormatException {
        if (!label.equals(wanted)) {
            throw new FormatException(file, "holds " + label + ", not " + wanted + "; " + hint);
        }
        if (content.length == 0) {
            throw new FormatException(file, "its PEM block is damaged");
        }
        return content;
    }
}
