package radedit.testdata;

import java.nio.file.Files;
import java.nio.file.Path;

/** Locates test data: films, masks, checkpoints and expected results, in {@code src/testdata/data}. */
public final class TestData {
    private static final Path DATA = Path.of("src", "testdata", "data");

    private TestData() {
    }

    /**
     * {@return a file or folder of the test data}
     *
     * @param name
     *            its path in the folder of all data, such as {@code /cxr/film.dcm}
     * @throws IllegalArgumentException
     *            if it does not exist
     */
    public static Path resource(String name) {
        Path file = root().resolve(DATA).resolve(name.substring(1));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(file.toString());
        }
        return file;
    }

    /**
     * {@return a file of the expected results}
     *
     * @param name
     *            its path in the folder of expected results
     * @throws IllegalArgumentException
     *            if it does not exist
     */
    public static Path reference(String name) {
        return resource("/reference/" + name);
    }

    /** The project's folder, in which tests start; some editors start them in the folder of their module. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(DATA))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("tests start in the project's folder");
        }
        return folder;
    }
}
