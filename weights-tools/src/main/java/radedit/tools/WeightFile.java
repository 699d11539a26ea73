package radedit.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.files.Digests;

/**
 * A file of weights and what identifies it.
 *
 * @param sha256
 *            in hexadecimal
 * @param known
 *            which published file it is; null if it is none that is known
 */
public record WeightFile(Path path, long bytes, String sha256, String known) {
    static WeightFile of(Path path) throws IOException {
        String sha256 = Digests.hex("SHA-256", path);
        return new WeightFile(path, Files.size(path), sha256, KnownFiles.find(path, sha256).orElse(null));
    }
}
