package radedit.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A folder that appears complete or not at all: files go to a temporary folder in the same parent, which is then
 * renamed. The temporary folder is removed when the work fails or the program is interrupted.
 */
public final class OutputFolder implements AutoCloseable {
    private static final Set<Path> TEMPORARIES = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TEMPORARIES.forEach(OutputFolder::removeQuietly)));
    }

    private final Path target;
    private final Path temporary;

    private OutputFolder(Path target, Path beside) {
        this.target = target;
        this.temporary = beside;
    }

    /**
     * Checks that a folder exists or can be created, together with its missing parents.
     *
     * @param folder
     *            the folder
     * @throws OutputPathException
     *             if it, or one of its parents, is a file
     */
    public static void check(Path folder) throws OutputPathException {
        OutputPathException.requireNoFile(folder);
    }

    /**
     * Creates the temporary folder.
     *
     * @param folder
     *            the final folder; must not exist, or be empty
     * @return the folder, to be filled through {@link #path} and then committed
     * @throws OutputPathException
     *             if it, or one of its parents, is a file
     * @throws IOException
     *             if the temporary folder cannot be created next to it
     */
    public static OutputFolder begin(Path folder) throws IOException {
        check(folder);
        Path target = Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
        Files.createDirectories(target.getParent());
        Path temporary = target
                .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        TEMPORARIES.add(temporary);
        remove(temporary); // may be left by a killed process with the same id
        return new OutputFolder(target, Files.createDirectory(temporary));
    }

    /**
     * Registers a folder to be removed when the program ends.
     *
     * @param folder
     *            the folder
     */
    public static void removeOnExit(Path folder) {
        TEMPORARIES.add(folder);
    }

    /** {@return the temporary folder, to write to} */
    public Path path() {
        return temporary;
    }

    /**
     * Renames the temporary folder to the final one.
     *
     * @throws IOException
     *             if that fails, for instance because the final folder is not empty
     */
    public void commit() throws IOException {
        Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        TEMPORARIES.remove(temporary);
    }

    /** Removes the temporary folder unless it was committed. */
    @Override
    public void close() {
        if (TEMPORARIES.contains(temporary)) {
            removeQuietly(temporary);
            TEMPORARIES.remove(temporary);
        }
    }

    private static void removeQuietly(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            // nothing left to try
        }
    }

    /**
     * Removes a folder and its content; links are removed, not followed.
     *
     * @param folder
     *            the folder; nothing is done if it does not exist
     * @throws IOException
     *             if something cannot be removed
     */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes a) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path f, IOException e) throws IOException {
                Files.delete(f);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
