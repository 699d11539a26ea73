package radedit.tools.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

import radedit.digest.Digests;

/** Checks a file's content against its ETag. */
final class ContentHash {
    private ContentHash() {
    }

    /**
     * The hash algorithm of an ETag: SHA-256 for large files (64 hexadecimal digits), git's SHA-1 for others (40). Empty
     * for other ETags, as mirrors may send.
     */
    static Optional<String> algorithm(String etag) {
        return etag.matches("[0-9a-f]{64}")
                ? Optional.of("SHA-256")
                : etag.matches("[0-9a-f]{40}") ? Optional.of("SHA-1") : Optional.empty();
    }

    /**
     * Whether the file matches the ETag; true if the ETag is not a hash.
     *
     * @param progress
     *            receives the number of bytes read
     */
    static boolean holds(Path file, String etag, LongConsumer progress) throws IOException {
        Optional<String> algorithm = algorithm(etag);
        return algorithm.isEmpty() || etag.equals(compute(file, algorithm.get(), progress));
    }

    private static String compute(Path file, String algorithm, LongConsumer progress) throws IOException {
        String header = algorithm.equals("SHA-1") ? "blob " + Files.size(file) + "\0" : "";
        return Digests.hex(algorithm, header.getBytes(StandardCharsets.US_ASCII), file, progress);
    }
}
