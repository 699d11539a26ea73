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
 * A folder that appears whole or not at all: filled beside its place under another name, then renamed. What is under way
 * when the work fails or the program is interrupted is removed.
 */
public final class OutputFolder implements AutoCloseable {
    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> UNDER_WAY.forEach(OutputFolder::removeQuietly)));
    }

    private final Path target;
    private final Path beside;

    private OutputFolder(Path target, Path beside) {
        this.target = target;
        this.beside = beside;
    }

    /**
     * Finds out whether there can be a folder, which may have to be made with those that it lies in.
     *
     * @throws OutputPlaceException
     *             if it, or one of those, is a file
     */
    public static void check(Path folder) throws OutputPlaceException {
        OutputPlaceException.requireNoFile(folder);
    }

    /**
     * @param folder
     *            must not exist, or be empty
     * @throws OutputPlaceException
     *             if it lies in a file
     * @throws IOException
     *             if nothing can be written beside it
     */
    public static OutputFolder begin(Path folder) throws IOException {
        check(folder);
        Path target = Files.exists(folder) ? folder.toRealPath() : folder.toAbsolutePath().normalize();
        Files.createDirectories(target.getParent());
        Path beside = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        UNDER_WAY.add(beside);
        remove(beside); // left by a process of that number that was killed
        return new OutputFolder(target, Files.createDirectory(beside));
    }

    /** Has a folder removed when the program ends. */
    public static void removeAtEnd(Path folder) {
        UNDER_WAY.add(folder);
    }

    /** Where to write to. */
    public Path path() {
        return beside;
    }

    /** Makes it appear. */
    public void commit() throws IOException {
        Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
        UNDER_WAY.remove(beside);
    }

    /** Removes what was not committed. */
    @Override
    public void close() {
        if (UNDER_WAY.contains(beside)) {
            removeQuietly(beside);
            UNDER_WAY.remove(beside);
        }
    }

    private static void removeQuietly(Path folder) {
        try {
            remove(folder);
        } catch (IOException e) {
            // nothing left to try
        }
    }

    /** Removes a folder and everything in it; links are removed, not followed. */
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
