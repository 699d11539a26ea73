package radedit.pipeline;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Admits one request at a time, in the order of arrival, and none once its owner is closed. */
final class RequestLock {
    private final String owner;
    private final ReentrantLock lock = new ReentrantLock(true);
    private volatile boolean closed;

    /**
     * @param owner
     *            for messages
     */
    RequestLock(String owner) {
        this.owner = owner;
    }

    /**
     * Waits for its turn, then runs the work.
     *
     * @throws IllegalStateException
     *             if the owner is closed, or if called from within the work of an earlier request
     */
    <T> T run(Supplier<T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "this " + owner + " is at work on a request; its listener cannot make another");
        }
        lock.lock();
        try {
            requireOpen();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Refuses what needs no turn.
     *
     * @throws IllegalStateException
     *             if the owner is closed
     */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("this " + owner + " is closed");
        }
    }

    /** Waits for the request in progress, then runs this; does nothing if closed already. */
    void close(Runnable release) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException(
                    "this " + owner + " is at work on a request; its listener cannot close it");
        }
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                release.run();
            }
        } finally {
            lock.unlock();
        }
    }
}
