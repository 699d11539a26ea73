package radedit.tools.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;

import radedit.files.Digests;

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
        String header = algorithm.equals("SHA-1") ? "blob " + Files.size(file) + "\0" : "";
        return Digests.hex(algorithm, header.getBytes(StandardCharsets.US_ASCII), file, progress);
    }
}
