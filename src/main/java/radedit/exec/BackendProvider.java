package radedit.exec;

/** Finds out whether a backend can run here; implementations are registered as services. */
public interface BackendProvider {
    String name();

    /** Higher is tried first when the user leaves the choice open; negative is never chosen unasked. */
    int priority();

    /**
     * Opens the backend.
     *
     * @param threads
     *            host threads to use
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    Backend open(int threads);
}
