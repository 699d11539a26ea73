package radedit.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes files that appear complete or not at all: content goes to a temporary file in the same folder, which is
 * then renamed. Temporary files are removed when the program is interrupted.
 */
public final class OutputFile {
    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes the content.
         *
         * @param out
         *            a buffered stream, closed by the caller
         * @throws IOException
         *             if that fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    private static final Set<Path> TEMPORARIES = ConcurrentHashMap.newKeySet();
    /**
     * Held while a temporary file is opened; the shutdown hook takes it for good, so that none is opened after its
     * cleanup.
     */
    private static final ReentrantLock OPENING = new ReentrantLock();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            OPENING.lock(); // never released
            TEMPORARIES.forEach(OutputFile::remove);
        }));
    }

    private OutputFile() {
    }

    /**
     * Checks that a file can be written, before the work that produces it.
     *
     * @param named
     *            the file
     * @throws OutputPathException
     *             if its folder is missing or is not a folder, or if the file is a folder
     * @throws IOException
     *             if it cannot be written to for another reason
     */
    public static void check(Path named) throws IOException {
        Path file = actualPath(named);
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw new OutputPathException(file + ": is a folder; expected a file");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw OutputPathException.missingFolder(file);
        }
        Path written = isDevice(file) ? file : folder;
        if (!Files.isWritable(written)) {
            throw new IOException(written + ": cannot be written to");
        }
    }

    /**
     * Writes a file and replaces an existing one. A device or pipe is written to directly.
     *
     * @param named
     *            the file
     * @param content
     *            writes the content
     * @throws IOException
     *             if that fails, with the file's name and the reason; the file is then unchanged
     */
    public static void write(Path named, Content content) throws IOException {
        Path file = actualPath(named);
        withFileName(named, () -> {
            if (isDevice(file)) {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                    content.writeTo(out);
                }
            } else {
                writeViaTemporary(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), content,
                        OutputFile::replace);
            }
        });
    }

    /**
     * Writes a file that must not exist yet; atomic, even if another program creates the same file.
     *
     * @param file
     *            the file
     * @param content
     *            writes the content
     * @throws FileAlreadyExistsException
     *             if it exists; it is then unchanged
     * @throws IOException
     *             if that fails, with the file's name and the reason; there is then no such file
     */
    public static void create(Path file, Content content) throws IOException {
        withFileName(file, () -> writeViaTemporary(file.toAbsolutePath(), content, OutputFile::moveToUnused));
    }

    private interface Work {
        void run() throws IOException;
    }

    private interface Move {
        void move(Path from, Path to) throws IOException;
    }

    private static void withFileName(Path file, Work work) throws IOException {
        try {
            work.run();
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@return whether this is a device or a pipe, which is written to directly and may have any name}
     *
     * @param named
     *            the file
     */
    public static boolean isDevice(Path named) {
        Path file = actualPath(named);
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
    }

    /**
     * The path to open. The launcher may have passed stdout and stderr under other descriptors; their names mean
     * those.
     */
    private static Path actualPath(Path named) {
        String property = switch (named.toString()) {
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> "radedit.stdout";
            case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> "radedit.stderr";
            default -> null;
        };
        Integer descriptor = property == null ? null : Integer.getInteger(property);
        return descriptor == null ? named : Path.of("/dev/fd/" + descriptor);
    }

    private static void writeViaTemporary(Path target, Content content, Move move) throws IOException {
        Path temporary = target
                .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (FileChannel file = openTemporary(temporary);
                    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(file), 1 << 16)) {
                content.writeTo(out);
                out.flush();
                file.force(true); // else a power cut could leave the name without the content
            }
            move.move(temporary, target);
        } finally {
            remove(temporary);
            TEMPORARIES.remove(temporary);
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Moves a file to a name that must be free. Creating a link fails if the name is taken; on file systems without
     * links, an empty file reserves the name first.
     */
    private static void moveToUnused(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.createFile(to);
            replace(from, to);
        }
    }

    private static FileChannel openTemporary(Path file) throws IOException {
        OPENING.lock();
        try {
            TEMPORARIES.add(file);
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } finally {
            OPENING.unlock();
        }
    }

    /**
     * Checks that an output does not overwrite an input or another output.
     *
     * @param file
     *            the output; null for none
     * @param others
     *            other files that are read or written; null for none
     * @throws IOException
     *             if one of them is the same file
     */
    public static void checkDistinct(@Nullable Path file, @Nullable Path... others) throws IOException {
        if (file == null || isDevice(file)) {
            return; // a device may be written to as often as wanted
        }
        for (Path other : others) {
            if (other != null && same(file, other)) {
                throw new IOException(file + ": is an input or another output of this command; choose another name");
            }
        }
    }

    private static boolean same(Path a, Path b) throws IOException {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())
                || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // nothing left to try
        }
    }
}
