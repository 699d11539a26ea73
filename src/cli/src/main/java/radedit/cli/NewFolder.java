package radedit.cli;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import radedit.files.OutputFolder;

/**
 * A folder that a command makes for its results, and removes again if it ends without any.
 *
 * @param made
 *            the folder; null if none was made
 */
record NewFolder(@Nullable Path made) implements AutoCloseable {
    /** Whether a name has no ending and is no pattern, so that it can only be meant as that of a folder. */
    static boolean isMeant(Path output) {
        Path name = output.getFileName();
        return name != null && !Stdout.isMeant(output) && !name.toString().matches("(?s).*[.{}].*");
    }

    /**
     * Makes an output's folder, with its parents, if nothing of that name exists and it can only be meant as a folder.
     *
     * @throws IOException
     *             if it cannot be made
     */
    static NewFolder of(Path output) throws IOException {
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS) || !isMeant(output)) {
            return new NewFolder(null);
        }
        OutputFolder.check(output);
        Files.createDirectories(output);
        return new NewFolder(output);
    }

    /** Removes the folder if it is empty. */
    @Override
    public void close() throws IOException {
        try {
            if (made != null) {
                Files.deleteIfExists(made);
            }
        } catch (DirectoryNotEmptyException e) {
            // that is what it was made for
        }
    }
}
