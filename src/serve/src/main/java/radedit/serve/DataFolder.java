package radedit.serve;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import radedit.files.OutputFolder;
import radedit.pipeline.InvalidRequestException;

/**
 * The folder of a server: films and jobs, each in a folder that is named by its id and appears whole or not at all. Only
 * the user may read it. One server at a time uses it.
 */
final class DataFolder implements AutoCloseable {
    private final Path root;
    private final FileChannel lock;

    private DataFolder(Path root, FileChannel lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Opens a folder, which is made if it is not there.
     *
     * @throws InvalidRequestException
     *             if another server uses it
     * @throws IOException
     *             if it cannot be made or written to
     */
    static DataFolder open(Path folder) throws IOException {
        OutputFolder.check(folder);
        Path root = folder.toAbsolutePath().normalize();
        if (Files.notExists(root)) {
            Files.createDirectories(root);
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
            }
        }
        root = root.toRealPath();
        FileChannel channel = FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new InvalidRequestException(root + ": another server uses this folder; stop it, or choose another");
        }
        DataFolder opened = new DataFolder(root, channel);
        for (Path p : List.of(opened.films(), opened.jobs())) {
            Files.createDirectories(p);
            removeParts(p);
        }
        return opened;
    }

    /** Removes what an earlier server left unfinished in a folder. */
    static void removeParts(Path folder) throws IOException {
        for (Path p : list(folder)) {
            if (p.getFileName().toString().startsWith(".")) {
                OutputFolder.remove(p);
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    Path root() {
        return root;
    }

    Path films() {
        return root.resolve("films");
    }

    Path jobs() {
        return root.resolve("jobs");
    }

    /**
     * The folders of films or of jobs, whose names are ids.
     *
     * @param damaged
     *            receives what is wrong with those that cannot be read
     */
    static <T> List<T> load(Path folder, Loader<T> loader, Consumer<String> damaged) throws IOException {
        List<T> all = new ArrayList<>();
        for (Path p : list(folder)) {
            if (!Ids.isOne(p.getFileName().toString()) || !Files.isDirectory(p)) {
                continue;
            }
            try {
                all.add(loader.load(p));
            } catch (IOException | RuntimeException e) {
                damaged.accept(p + ": is damaged and left out");
            }
        }
        return all;
    }

    /** Reads a folder. */
    @FunctionalInterface
    interface Loader<T> {
        T load(Path folder) throws IOException;
    }

    /** Makes a second name of a file, or a copy where the file system has no links. */
    static void link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (IOException | UnsupportedOperationException e) {
            Files.copy(file, name);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
