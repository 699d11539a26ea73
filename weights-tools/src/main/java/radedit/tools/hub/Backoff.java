package radedit.tools.hub;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import radedit.tools.hub.HubException.Kind;

/**
 * Decides whether and when to retry: after 1, 2, 4, ... s with jitter, so that many clients do not return at once, or
 * after the time that the server asks for.
 */
final class Backoff {
    private static final int MOST_IN_A_ROW = 5;
    private static final int MOST_IN_ALL = 100;
    /** The longest wait that a server may ask for. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Duration first;
    private final FetchListener listener;
    private int most;
    private int row;
    private int all;

    /**
     * @param first
     *            the first wait
     * @param known
     *            whether the hub has answered before; one that never has is tried only twice, since most likely there
     *            is no network
     */
    Backoff(Duration first, boolean known, FetchListener listener) {
        this.first = first;
        this.listener = listener;
        this.most = known ? MOST_IN_A_ROW : 1;
    }

    /** Progress was made: the next failure is the first in a row. */
    void progressed() {
        row = 0;
        most = MOST_IN_A_ROW;
    }

    /**
     * Waits before the next attempt.
     *
     * @throws HubException
     *            the fault, if there is no further attempt
     */
    void failed(HubException fault) throws IOException {
        row++;
        all++;
        int limit = fault.kind() == Kind.UNREACHABLE ? most : MOST_IN_A_ROW;
        Duration asked = fault.retryAfter();
        if (fault.kind() == Kind.FINAL || row > limit || all > MOST_IN_ALL
                || asked != null && asked.compareTo(LONGEST) > 0) {
            throw fault;
        }
        double scatter = 0.75 + ThreadLocalRandom.current().nextDouble() / 2;
        Duration wait = asked != null ? asked : Duration.ofMillis((long) ((first.toMillis() << (row - 1)) * scatter));
        listener.warning(fault.getMessage() + "; trying again"
                + (wait.toSeconds() > 0 ? " in " + wait.toSeconds() + " s" : ""));
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** A request that may be repeated. */
    interface Attempt<T> {
        T make() throws IOException;
    }

    /** Repeats a request until it succeeds or the attempts are used up. */
    <T> T run(Attempt<T> attempt) throws IOException {
        while (true) {
            try {
                return attempt.make();
            } catch (HubException e) {
                failed(e);
            }
        }
    }
}
