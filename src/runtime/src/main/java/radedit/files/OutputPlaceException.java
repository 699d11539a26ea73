package radedit.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/** An output is named where no file can be: the user has to choose another name, or make a folder. */
public final class OutputPlaceException extends IOException {
    private static final long serialVersionUID = 1;

    OutputPlaceException(String message) {
        super(message);
    }

    /** For a file whose folder does not exist, or is a file. */
    static OutputPlaceException noFolder(Path file) {
        Path parent = file.getParent();
        return fileAmong(parent).map(p -> new OutputPlaceException(
                file + ": " + p + " is a file, not a folder; choose another name"))
                .orElseGet(() -> new OutputPlaceException(
                        file + ": '" + parent + "' is not an existing folder; make it first, or choose another name"));
    }

    /** What of a folder and those that it lies in is a file. */
    private static Optional<Path> fileAmong(@Nullable Path folder) {
        return Stream.iterate(folder, p -> p != null, Path::getParent)
                .filter(p -> Files.exists(p) && !Files.isDirectory(p)).findFirst();
    }

    /** Makes sure that a folder can be where it is to be made. */
    static void requireNoFile(Path folder) throws OutputPlaceException {
        Optional<Path> file = fileAmong(folder);
        if (file.isPresent()) {
            throw new OutputPlaceException(
                    (file.get().equals(folder) ? "" : folder + ": ") + file.get()
                            + " is a file, not a folder; choose another name");
        }
    }
}
