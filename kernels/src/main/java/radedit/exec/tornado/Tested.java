package radedit.exec.tornado;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;

import radedit.files.UserFolder;

/** Remembers on which devices, with which drivers and kernels, the self-test has passed, so that it is done once. */
final class Tested {
    private Tested() {
    }

    /**
     * Tests a backend unless the same has been tested before.
     *
     * @param another
     *            gives one like it, which the test is done with: it needs kernels that a run may not
     * @throws radedit.exec.BackendException
     *             if it computes wrong results
     */
    static void require(TornadoBackend backend, Supplier<TornadoBackend> another) {
        Path note = UserFolder.home().resolve("tornado").resolve(key(backend.identity()) + ".tested");
        if (Files.exists(note)) {
            return;
        }
        try (TornadoBackend test = another.get()) {
            SelfTest.run(test);
        }
        try {
            Files.createDirectories(note.getParent());
            Files.writeString(note, backend.identity() + "\n");
        } catch (IOException e) {
            // Then it is tested again the next time.
        }
    }

    private static String key(String description) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(description.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
