package radedit.testdata;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that tests read: films, masks, checkpoints and expected results, in {@code src/testdata/data}. */
public final class TestData {
    private static final Path DATA = Path.of("src", "testdata", "data");

    private TestData() {
    }

    /**
     * A file or folder.
     *
     * @param name
     *            its path in the folder of all data, as {@code /cxr/film.dcm}
     * @throws IllegalArgumentException
     *             if there is none
     */
    public static Path resource(String name) {
        Path file = root().resolve(DATA).resolve(name.substring(1));
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(file.toString());
        }
        return file;
    }

    /** A file of the expected results. */
    public static Path reference(String name) {
        return resource("/reference/" + name);
    }

    /** The project's folder; tests start there or, in some editors, in the folder of their module. */
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
