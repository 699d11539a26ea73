package radedit.tools.hub;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Gives a file a second name: a symbolic link, else a hard link, else a copy. */
final class Links {
    /** Kinds of symbolic links. */
    enum Kind {
        /** Relative, so that the whole folder can be moved. */
        RELATIVE,
        /** Absolute, so that the link can be moved. */
        ABSOLUTE,
        NONE
    }

    private Links() {
    }

    /**
     * Creates a name for a file, replacing what is there.
     *
     * @param content
     *            an existing file
     */
    static void place(Path content, Path at, Kind kind) throws IOException {
        Files.deleteIfExists(at);
        if (kind != Kind.NONE) {
            Path to = content.toAbsolutePath();
            try {
                Path folder = at.toAbsolutePath().getParent();
                Files.createSymbolicLink(at, kind == Kind.RELATIVE && folder != null ? folder.relativize(to) : to);
                return;
            } catch (FileAlreadyExistsException e) {
                if (Files.exists(at) && Files.isSameFile(at, content)) {
                    return; // another process was faster
                }
                throw e;
            } catch (UnsupportedOperationException | FileSystemException e) {
                // Windows without permission for links, or a file system without them
            }
        }
        try {
            Files.createLink(at, content.toRealPath());
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.copy(content, at, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
