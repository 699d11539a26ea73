package radedit.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** The path of an output cannot be created: the user has to choose another name, or create the folder. */
public final class OutputPathException extends IOException {
    private static final long serialVersionUID = 1;

    OutputPathException(String message) {
        super(message);
    }

    /** An exception for a file whose folder does not exist or is a file. */
    static OutputPathException missingFolder(Path file) {
        Path parent = file.getParent();
        return firstFile(parent).map(p -> new OutputPathException(
                file + ": " + p + " is a file, not a folder; choose another name"))
                .orElseGet(() -> new OutputPathException(
                        file + ": '" + parent + "' is not an existing folder; make it first, or choose another name"));
    }

    /** The first of a folder and its parents that is a file. */
    private static Optional<Path> firstFile(@Nullable Path folder) {
        return Stream.iterate(folder, p -> p != null, Path::getParent)
                .filter(p -> Files.exists(p) && !Files.isDirectory(p)).findFirst();
    }

    /** Checks that neither a folder nor any of its parents is a file. */
    static void requireNoFile(Path folder) throws OutputPathException {
        Optional<Path> file = firstFile(folder);
        if (file.isPresent()) {
            throw new OutputPathException(
                    (file.get().equals(folder) ? "" : folder + ": ") + file.get()
                            + " is a file, not a folder; choose another name");
        }
    }
}
