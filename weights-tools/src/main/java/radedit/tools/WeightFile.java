package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import radedit.digest.Digests;

/**
 * A file of weights and its identity.
 *
 * @param path
 *            the file
 * @param bytes
 *            its size
 * @param sha256
 *            SHA-256 in hexadecimal
 * @param known
 *            the published file that it is; null if unknown
 */
public record WeightFile(Path path, long bytes, String sha256, @Nullable String known) {
    static WeightFile of(Path path) throws IOException {
        String sha256 = Digests.hex("SHA-256", path);
        return new WeightFile(path, Files.size(path), sha256, KnownFiles.find(path, sha256).orElse(null));
    }
}
