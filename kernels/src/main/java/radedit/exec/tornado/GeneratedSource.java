package radedit.exec.tornado;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The source that TornadoVM generates for this process's kernels, which it appends to a file. */
final class GeneratedSource {
    /** TornadoVM's property for that file. */
    private static final String FILE = "tornado.print.kernel.dir";

    private GeneratedSource() {
    }

    /** Makes TornadoVM write generated source to a file. Call before its runtime is loaded. */
    static void record() {
        if (System.getProperty(FILE) == null) {
            System.setProperty(FILE, temporaryFile().toString());
        }
    }

    private static Path temporaryFile() {
        try {
            Path file = Files.createTempFile("radedit", ".kernels");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Length of the source generated so far, in bytes. */
    static long length() {
        try {
            Path file = Path.of(System.getProperty(FILE));
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source generated after the first {@code from} bytes; empty if the runtime has written none. */
    static String after(long from) {
        if (length() <= from) {
            return "";
        }
        try (FileChannel c = FileChannel.open(Path.of(System.getProperty(FILE)))) {
            ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(c.size() - from));
            while (bytes.hasRemaining() && c.read(bytes, from + bytes.position()) >= 0) {
                // until all is read
            }
            return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
