package radedit.exec;

import java.util.Collection;
import java.util.List;

/**
 * A request to stop, made by any thread and checked by the one that works: within an operation on the CPU, between
 * operations on a GPU. A token serves one piece of work; once cancelled, it stays cancelled.
 */
public final class Cancellation {
    private final List<Cancellation> others;
    private volatile boolean cancelled;

    /** Creates a token that is not cancelled. */
    public Cancellation() {
        this(List.of());
    }

    private Cancellation(Collection<Cancellation> others) {
        this.others = List.copyOf(others);
    }

    /**
     * {@return a token that is cancelled once any of others is}
     *
     * @param tokens
     *            the others
     */
    public static Cancellation anyOf(Collection<Cancellation> tokens) {
        return new Cancellation(tokens);
    }

    /** Requests that the work stop. May be called from any thread, any number of times. */
    public void cancel() {
        cancelled = true;
    }

    /** {@return whether a stop was requested} */
    public boolean isCancelled() {
        if (cancelled) {
            return true;
        }
        for (Cancellation c : others) {
            if (c.isCancelled()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Throws if a stop was requested.
     *
     * @throws CancelledException
     *             if so
     */
    public void check() {
        if (isCancelled()) {
            throw new CancelledException();
        }
    }
}
