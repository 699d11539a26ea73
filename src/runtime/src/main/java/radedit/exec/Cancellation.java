package radedit.exec;

/**
 * A request to stop, made by any thread and heard by the one that works. On the processor it is heard within an operation, on a GPU
 * between two of them. A token is for one piece of work: once it is cancelled it stays so.
 */
public final class Cancellation {
    private volatile boolean cancelled;

    /** A token that is not cancelled. */
    public Cancellation() {
    }

    /** Asks for the end of what this was given to. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether the end was asked for. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Does nothing unless the end was asked for.
     *
     * @throws CancelledException
     *             if it was
     */
    public void check() {
        if (cancelled) {
            throw new CancelledException();
        }
    }
}
