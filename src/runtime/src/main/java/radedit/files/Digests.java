package radedit.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/** Hashes of bytes and files. */
public final class Digests {
    private Digests() {
    }

    /** The SHA-256 of some bytes. */
    public static byte[] sha256(byte[] content) {
        return digest("SHA-256").digest(content);
    }

    /**
     * The hash of a file's content.
     *
     * @param algorithm
     *            SHA-256, SHA-1 or MD5, which every JDK has
     * @return in hexadecimal, lower case
     */
    public static String hex(String algorithm, Path file) throws IOException {
        return hex(algorithm, new byte[0], file, n -> {});
    }

    /**
     * The hash of some bytes followed by a file's content.
     *
     * @param progress
     *            is told how many bytes of the file have been read
     * @return in hexadecimal, lower case
     */
    public static String hex(String algorithm, byte[] prefix, Path file, LongConsumer progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = digest(algorithm);
            digest.update(prefix);
            byte[] buffer = new byte[1 << 20];
            long done = 0;
            for (int n; (n = in.read(buffer)) > 0;) {
                digest.update(buffer, 0, n);
                progress.accept(done += n);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
