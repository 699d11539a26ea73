package radedit.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;

/** Hashes of bytes and files. */
public final class Digests {
    private Digests() {
    }

    /**
     * {@return the SHA-256 hash of an array, 32 bytes}
     *
     * @param content
     *            the bytes to hash
     */
    public static byte[] sha256(byte[] content) {
        return digest("SHA-256").digest(content);
    }

    /**
     * {@return the SHA-256 hash of an array, in lower-case hexadecimal}
     *
     * @param content
     *            the bytes to hash
     */
    public static String hex(byte[] content) {
        return HexFormat.of().formatHex(sha256(content));
    }

    /**
     * {@return the SHA-256 hash of the contents of files, one after the other, in lower-case hexadecimal}
     *
     * @param files
     *            the files, in a fixed order
     * @throws IOException
     *             if one cannot be read
     */
    public static String hex(List<Path> files) throws IOException {
        MessageDigest digest = digest("SHA-256");
        for (Path file : files) {
            update(digest, file, n -> {});
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * {@return the hash of a file's content, in lower-case hexadecimal}
     *
     * @param algorithm
     *            SHA-256, SHA-1 or MD5, which every JDK has
     * @param file
     *            the file
     * @throws IOException
     *             if it cannot be read
     * @throws IllegalArgumentException
     *             if the JDK does not have the algorithm
     */
    public static String hex(String algorithm, Path file) throws IOException {
        return hex(algorithm, new byte[0], file, n -> {});
    }

    /**
     * {@return the hash of a prefix followed by a file's content, in lower-case hexadecimal}
     *
     * @param algorithm
     *            SHA-256, SHA-1 or MD5, which every JDK has
     * @param prefix
     *            bytes that are hashed before the file
     * @param file
     *            the file
     * @param progress
     *            called with the number of bytes of the file read so far
     * @throws IOException
     *             if it cannot be read
     * @throws IllegalArgumentException
     *             if the JDK does not have the algorithm
     */
    public static String hex(String algorithm, byte[] prefix, Path file, LongConsumer progress) throws IOException {
        MessageDigest digest = digest(algorithm);
        digest.update(prefix);
        update(digest, file, progress);
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * {@return the SHA-256 hash of a part of a file, in lower-case hexadecimal}
     *
     * @param file
     *            the file
     * @param from
     *            the first byte
     * @param to
     *            the byte after the last
     * @throws IOException
     *             if it cannot be read
     */
    public static String hex(Path file, long from, long to) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(from);
            byte[] buffer = new byte[1 << 20];
            long left = to - from;
            for (int n; left > 0 && (n = in.read(buffer, 0, (int) Math.min(left, buffer.length))) > 0; left -= n) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** {@return a SHA-256 hash of nothing yet} */
    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    private static void update(MessageDigest digest, Path file, LongConsumer progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 20];
            long done = 0;
            for (int n; (n = in.read(buffer)) > 0;) {
                digest.update(buffer, 0, n);
                progress.accept(done += n);
            }
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
