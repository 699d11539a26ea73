package radedit.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files that appear whole or not at all: written beside their place under another name, then renamed. What is under way
 * when the program is interrupted is removed.
 */
public final class OutputFile {
    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final Set<Path> UNDER_WAY = ConcurrentHashMap.newKeySet();
    /** Held while a file is begun; once the program ends, no file is. */
    private static final ReentrantLock BEGINNING = new ReentrantLock();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            BEGINNING.lock(); // and never given back
            UNDER_WAY.forEach(OutputFile::remove);
        }));
    }

    private OutputFile() {
    }

    /**
     * Finds out whether a file can be written, before the work whose result it shall hold.
     *
     * @throws IOException
     *             if not, with the reason
     */
    public static void check(Path named) throws IOException {
        Path file = opened(named);
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file)) {
            throw new IOException(file + ": is a folder, a file is expected");
        }
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder));
        }
        boolean special = isDevice(file);
        if (!Files.isWritable(special ? file : folder)) {
            throw new IOException((special ? file : folder) + ": cannot be written to");
        }
    }

    /**
     * Writes a file. A device or pipe is written to directly.
     *
     * @throws IOException
     *             if that fails, with the file's name and the reason; the file is then what it was before
     */
    public static void write(Path file, Content content) throws IOException {
        try {
            replace(opened(file), content);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Whether this is a device or a pipe, which is written to directly and may have any name. */
    public static boolean isDevice(Path named) {
        Path file = opened(named);
        return Files.exists(file) && !Files.isRegularFile(file);
    }

    /** The launcher may have handed stdout and stderr over as other descriptors; their names mean those. */
    private static Path opened(Path named) {
        String property = switch (named.toString()) {
            case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> "radedit.stdout";
            case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> "radedit.stderr";
            default -> null;
        };
        Integer descriptor = property == null ? null : Integer.getInteger(property);
        return descriptor == null ? named : Path.of("/dev/fd/" + descriptor);
    }

    private static void replace(Path file, Content content) throws IOException {
        if (isDevice(file)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
                content.writeTo(out);
            }
            return;
        }
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(); // a link stays a link
        Path beside = target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(begin(beside), 1 << 16)) {
                content.writeTo(out);
            }
            try {
                Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            remove(beside);
            UNDER_WAY.remove(beside);
        }
    }

    private static OutputStream begin(Path file) throws IOException {
        BEGINNING.lock();
        try {
            UNDER_WAY.add(file);
            return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
        } finally {
            BEGINNING.unlock();
        }
    }

    /**
     * Makes sure that results do not overwrite what they come from, or each other.
     *
     * @param others
     *            files that are read or written too; null for none
     * @throws IOException
     *             if one of them is the same file
     */
    public static void checkDistinct(Path file, Path... others) throws IOException {
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
