package radedit.exec;

/**
 * A request to stop, made by any thread and checked by the one that works: within an operation on the CPU, between
 * operations on a GPU. A token serves one piece of work; once cancelled, it stays cancelled.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** Creates a token that is not cancelled. */
    public Cancellation() {
    }

    /** Requests that the work stop. May be called from any thread, any number of times. */
    public void cancel() {
        cancelled = true;
    }

    /** {@return whether a stop was requested} */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Throws if a stop was requested.
     *
     * @throws CancelledException
     *             if so
     */
    public void check() {
        if (cancelled) {
            throw new CancelledException();
        }
    }
}
