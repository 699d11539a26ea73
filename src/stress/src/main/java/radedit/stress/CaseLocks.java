package radedit.stress;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Shares the cases of a run among processes, on one machine or on a shared file system: a process holds a lock on one byte of
 * a file for as long as it works on a case. The operating system releases the locks of a process that ends, however it ends.
 */
final class CaseLocks implements AutoCloseable {
    private static final long GROUPS = 1L << 32;

    private final Path file;
    private final FileChannel channel;
    private final Map<Long, FileLock> held = new HashMap<>();

    CaseLocks(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** {@return whether this process now holds a case} */
    boolean takeCase(int index) throws IOException {
        return take(1 + index);
    }

    void releaseCase(int index) throws IOException {
        release(1 + index);
    }

    /** {@return whether this process now holds a group of cases, which is a matter of preference only} */
    boolean takeGroup(int index) throws IOException {
        return take(GROUPS + index);
    }

    void releaseGroup(int index) throws IOException {
        release(GROUPS + index);
    }

    private boolean take(long at) throws IOException {
        if (held.containsKey(at)) {
            return true;
        }
        FileLock lock = tryLock(at);
        if (lock != null) {
            held.put(at, lock);
        }
        return lock != null;
    }

    private @Nullable FileLock tryLock(long at) throws IOException {
        try {
            return channel.tryLock(at, 1, false);
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this process
        } catch (IOException e) {
            throw new IOException(file + ": cannot be locked (" + e.getMessage()
                    + "); where a file system has no locks, use another folder, or one for each part of the run", e);
        }
    }

    private void release(long at) throws IOException {
        FileLock lock = held.remove(at);
        if (lock != null) {
            lock.release();
        }
    }

    /** Work that no other process does at the same time. */
    interface Work {
        void run() throws IOException;
    }

    /** Does work while no other process does any by this method. */
    void alone(Work work) throws IOException {
        FileLock lock = tryLock(0);
        while (lock == null) {
            pause(5);
            lock = tryLock(0);
        }
        try {
            work.run();
        } finally {
            lock.release();
        }
    }

    /** Waits for a number of milliseconds. */
    static void pause(int ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close(); // and releases all locks
    }
}
