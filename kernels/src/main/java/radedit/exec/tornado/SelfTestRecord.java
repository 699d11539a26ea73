package radedit.exec.tornado;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.files.UserFolder;

/** Records that the self-test has passed with a device, driver, kernels and compiler flags, so that it runs once. */
final class SelfTestRecord {
    private SelfTestRecord() {
    }

    /**
     * @param identity
     *            identity of a backend
     */
    static boolean exists(String identity) {
        return Files.exists(file(identity));
    }

    static void write(String identity) {
        try {
            Files.createDirectories(file(identity).getParent());
            Files.writeString(file(identity), identity + "\n");
        } catch (IOException e) {
            // The self-test is run again next time.
        }
    }

    private static Path file(String identity) {
        return UserFolder.home().resolve("tornado")
                .resolve(KernelFingerprint.hash(identity.getBytes(StandardCharsets.UTF_8)) + ".tested");
    }
}
