package radedit.exec;

import java.util.List;

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

    /**
     * What it can run on, a line each, for people; the number of the line names the device where there are several.
     *
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    default List<String> devices() {
        try (Backend b = open(Runtime.getRuntime().availableProcessors())) {
            return List.of(b.describe());
        }
    }
}
