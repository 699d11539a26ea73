package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** One content under two names: a symbolic link, or where there are none a hard link, or a copy. */
final class Links {
    /** Which symbolic links there may be. */
    enum Kind {
        /** To a place beside, so that the whole can be moved. */
        RELATIVE,
        /** To a place that does not move when the link does. */
        ABSOLUTE,
        NONE
    }

    private Links() {
    }

    /**
     * Makes a file appear at a place, instead of what is there.
     *
     * @param content
     *            an existing file
     */
    static void place(Path content, Path at, Kind kind) throws IOException {
        Files.deleteIfExists(at);
        if (kind != Kind.NONE) {
            Path to = content.toAbsolutePath();
            try {
                Files.createSymbolicLink(at,
                        kind == Kind.RELATIVE ? at.toAbsolutePath().getParent().relativize(to) : to);
                return;
            } catch (FileAlreadyExistsException e) {
                if (Files.exists(at) && Files.isSameFile(at, content)) {
                    return; // another process was faster
                }
                throw e;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // Windows without the right to make links, or a file system without them
            }
        }
        try {
            Files.createLink(at, content.toRealPath());
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(content, at, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
