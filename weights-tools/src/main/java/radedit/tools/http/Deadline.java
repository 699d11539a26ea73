package radedit.tools.http;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time until an answer has to be there. Sockets that are watched are closed when it has passed, whatever they are doing:
 * a server that sends a byte now and then would otherwise hold us for ever.
 */
final class Deadline implements AutoCloseable {
    private final long end;
    private final Thread thread;
    private Socket socket;
    private boolean passed;

    Deadline(Duration time) {
        this.end = System.nanoTime() + time.toNanos();
        this.thread = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(time);
                pass();
            } catch (InterruptedException e) {
                // the answer has come
            }
        });
    }

    private synchronized void pass() {
        passed = true;
        closeQuietly(socket);
    }

    /** Closes this socket, instead of an earlier one, when the time has passed. */
    synchronized void watch(Socket next) {
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

    static void closeQuietly(Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // nothing left to close
        }
    }

    /** Watches no longer. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
