package radedit.browser;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import radedit.imaging.Images;

/** One server with the demo model for all tests, and films to try. */
final class Shared {
    static final Path FOLDER;
    static final ServeProcess SERVER;
    static final Path CXR = Path.of("src/testdata/data/cxr");

    static {
        try {
            FOLDER = Files.createDirectories(Path.of("src/browser/target/run")).toAbsolutePath();
            SERVER = new ServeProcess(Files.createTempDirectory(FOLDER, "served"));
            Runtime.getRuntime().addShutdownHook(new Thread(SERVER::close));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Shared() {
    }

    static Page page() throws IOException {
        return new Page(SERVER, FOLDER);
    }

    /** Centres of bright squares of 5 x 5 pixels on the film that {@link #markers} makes. */
    static final int[][] MARKERS = {{20, 15}, {280, 20}, {24, 190}, {271, 201}, {150, 100}};

    /** A dark film of 301 x 217 pixels with bright squares. */
    static Path markers() throws IOException {
        int[] samples = new int[301 * 217];
        java.util.Arrays.fill(samples, 30);
        for (int[] m : MARKERS) {
            for (int y = -2; y <= 2; y++) {
                for (int x = -2; x <= 2; x++) {
                    samples[(m[1] + y) * 301 + m[0] + x] = 255;
                }
            }
        }
        return png("markers.png", 301, 217, 8, samples);
    }

    /** A film of 3000 x 3000 pixels and 16 bits. */
    static Path large() throws IOException {
        int[] samples = new int[3000 * 3000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = 20000 + (i % 3000 / 50 * 300 + i / 3000 / 50 * 200) % 30000;
        }
        return png("large.png", 3000, 3000, 16, samples);
    }

    static Path png(String name, int width, int height, int bits, int[] samples) throws IOException {
        Path file = FOLDER.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            Images.writePng(out, width, height, 1, bits, samples, java.util.Map.of());
        }
        return file;
    }
}
