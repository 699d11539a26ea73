package radedit.tools.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion of processes, and of threads within one. The system's lock belongs to the process and is lost when
 * any channel to the file is closed, hence the second lock for threads. The file is not removed, since two processes
 * could then hold locks on two files of the same name.
 *
 * <p>
 * huggingface_hub locks the same files, on Unix with flock, which does not see this lock. That is harmless: the two
 * programs write to different files, and a complete blob is renamed into place.
 */
final class CacheLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();
    private static final long LOOK_AGAIN_MS = 200;

    private final ReentrantLock here;
    private final FileChannel channel;

    private CacheLock(ReentrantLock here, FileChannel channel) {
        this.here = here;
        this.channel = channel;
    }

    /**
     * Waits for a lock.
     *
     * @param what
     *            what it guards, for the message while waiting
     */
    static CacheLock acquire(Path file, String what, FetchListener listener) throws IOException {
        Files.createDirectories(file.getParent());
        ReentrantLock here = HERE.computeIfAbsent(file.toAbsolutePath().normalize(), p -> new ReentrantLock());
        FileChannel channel = null;
        try {
            here.lockInterruptibly();
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean told = false;
            while (!locked(channel, file, listener)) {
                if (!told) {
                    listener.warning("another process is at " + what + "; waiting for it");
                    told = true;
                }
                Thread.sleep(LOOK_AGAIN_MS);
            }
            return new CacheLock(here, channel);
        } catch (InterruptedException e) {
            release(here, channel);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException | RuntimeException e) {
            release(here, channel);
            throw e;
        }
    }

    private static boolean locked(FileChannel channel, Path file, FetchListener listener) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (IOException e) {
            // Downloads are checked at the end, so two at once only waste time.
            listener.warning(file + ": cannot be locked (" + e.getMessage() + "); going on without");
            return true;
        }
    }

    private static void release(ReentrantLock here, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // a lost lock counts as released
        } finally {
            if (here.isHeldByCurrentThread()) {
                here.unlock();
            }
        }
    }

    @Override
    public void close() {
        release(here, channel);
    }
}
