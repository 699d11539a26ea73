package radedit.tools.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time limit for a response. Watched sockets are closed when it has passed, whatever they are doing: otherwise a
 * server that sends a byte now and then could block forever.
 */
final class Deadline implements AutoCloseable {
    private final long end;
    private final Thread thread;
    private @Nullable Socket socket;
    private boolean passed;

    Deadline(Duration time) {
        this.end = System.nanoTime() + time.toNanos();
        this.thread = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(time);
                pass();
            } catch (InterruptedException e) {
                // the response has arrived
            }
        });
    }

    private synchronized void pass() {
        passed = true;
        closeQuietly(socket);
    }

    /** Watches this socket instead of an earlier one; null watches none. */
    synchronized void watch(@Nullable Socket next) {
        socket = next;
        if (passed) {
            closeQuietly(socket);
        }
    }

    synchronized boolean hasPassed() {
        return passed;
    }

    int millisLeft() {
        return Math.clamp(TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()), 1, Integer.MAX_VALUE);
    }

    static void closeQuietly(@Nullable Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // nothing left to close
        }
    }

    /** Stops watching. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
