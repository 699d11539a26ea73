package radedit.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import ai.onnxruntime.OrtEnvironment;

/**
 * ONNX Runtime's native libraries, unpacked to a folder of their own in {@code java.io.tmpdir} while they are loaded.
 * Left to itself, ONNX Runtime 1.23 leaves a folder behind in each run. A loaded library needs no name: where the
 * system allows it, files and folder are deleted as soon as they are loaded, so that even a killed process leaves nothing.
 */
final class NativeFiles implements AutoCloseable {
    /** Where ONNX Runtime looks for its libraries, if it is set. */
    private static final String PROPERTY = "onnxruntime.native.path";
    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    /** The folder and what is in it, in order of creation; empty if the user or ONNX Runtime itself provides the files. */
    private final List<Path> created;

    private NativeFiles(List<Path> created) {
        this.created = created;
    }

    static NativeFiles unpack() throws IOException {
        String resources = "native/" + platform() + "/";
        List<String> names = LIBRARIES.stream().map(System::mapLibraryName).toList();
        boolean there = names.stream().allMatch(n -> OrtEnvironment.class.getResource(resources + n) != null);
        if (System.getProperty(PROPERTY) != null || !there) {
            return new NativeFiles(List.of());
        }
        List<Path> created = new ArrayList<>();
        Path folder = Files.createTempDirectory("radedit-onnx");
        NativeFiles files = new NativeFiles(created);
        created.add(folder);
        try {
            for (String n : names) {
                Path copy = folder.resolve(n);
                created.add(copy);
                try (InputStream in = OrtEnvironment.class.getResourceAsStream(resources + n)) {
                    if (in == null) {
                        throw new IOException(resources + n);
                    }
                    Files.copy(in, copy);
                }
            }
        } catch (IOException e) {
            files.close();
            throw e;
        }
        System.setProperty(PROPERTY, folder.toString());
        return files;
    }

    /** The name of this machine's folder in the library's jar. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        String system = os.contains("mac") ? "osx" : os.contains("win") ? "win" : os.contains("nux") ? "linux" : os;
        return system + "-" + (arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch);
    }

    /** Deletes the files, now or, where loaded files cannot be deleted, when the JVM ends. */
    @Override
    public void close() {
        for (Path p : created.reversed()) {
            try {
                Files.deleteIfExists(p);
            } catch (IOException e) {
                created.forEach(c -> c.toFile().deleteOnExit()); // in reverse order
                return;
            }
        }
        if (!created.isEmpty()) {
            System.clearProperty(PROPERTY);
        }
    }
}
