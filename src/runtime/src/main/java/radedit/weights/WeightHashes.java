package radedit.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import radedit.digest.Digests;
import radedit.files.UserFolder;

/**
 * SHA-256 of weight files. A published model has 4 GB, so hashes are cached in the user's folder by the file's path,
 * size and modification time.
 */
public final class WeightHashes {
    private WeightHashes() {
    }

    /**
     * {@return the hash of each file, in hexadecimal}
     *
     * @param files
     *            the files
     * @throws UncheckedIOException
     *             if one cannot be read
     */
    public static List<String> of(List<Path> files) {
        return files.stream().map(WeightHashes::of).toList();
    }

    /**
     * {@return the hash of a network's only file, or the list of those of all its files, as settings name it}
     *
     * @param files
     *            the files
     * @throws UncheckedIOException
     *             if one cannot be read
     */
    public static Object named(List<Path> files) {
        List<String> each = of(files);
        return each.size() == 1 ? each.getFirst() : each;
    }

    private static String of(Path file) {
        try {
            String key = " " + Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis() + " "
                    + file.toRealPath();
            Path cache = cacheFile();
            if (Files.isReadable(cache)) {
                for (String line : Files.readAllLines(cache)) {
                    if (line.endsWith(key) && line.length() == 64 + key.length()) {
                        return line.substring(0, 64);
                    }
                }
            }
            String hash = Digests.hex("SHA-256", file);
            remember(cache, hash + key + "\n");
            return hash;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cacheFile() {
        return UserFolder.home().resolve("sha256");
    }

    private static void remember(Path cache, String line) {
        try {
            Files.createDirectories(cache.getParent());
            Files.writeString(cache, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            // A cache that cannot be written only costs time.
        }
    }
}
