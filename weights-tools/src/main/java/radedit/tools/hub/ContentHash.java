package radedit.tools.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Tells whether a file has the content that its ETag promises. */
final class ContentHash {
    private ContentHash() {
    }

    /**
     * The kind of hash that an ETag is: SHA-256 of large files (64 hexadecimal digits), of others SHA-1 as git computes
     * it (40). A mirror may give something else, which promises nothing.
     */
    static Optional<String> algorithm(String etag) {
        return etag.matches("[0-9a-f]{64}")
                ? Optional.of("SHA-256")
                : etag.matches("[0-9a-f]{40}") ? Optional.of("SHA-1") : Optional.empty();
    }

    /**
     * Whether the file is what the ETag says, or the ETag says nothing.
     *
     * @param progress
     *            hears the bytes that were read
     */
    static boolean holds(Path file, String etag, LongConsumer progress) throws IOException {
        Optional<String> algorithm = algorithm(etag);
        return algorithm.isEmpty() || etag.equals(compute(file, algorithm.get(), progress));
    }

    private static String compute(Path file, String algorithm, LongConsumer progress) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest d = MessageDigest.getInstance(algorithm);
            if (algorithm.equals("SHA-1")) {
                d.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            byte[] buffer = new byte[1 << 20];
            long done = 0;
            for (int n; (n = in.read(buffer)) > 0;) {
                d.update(buffer, 0, n);
                progress.accept(done += n);
            }
            return HexFormat.of().formatHex(d.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has both
        }
    }
}
