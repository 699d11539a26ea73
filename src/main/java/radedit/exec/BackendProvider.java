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
     * @param options
     *            with the number of threads to use
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    Backend open(BackendOptions options);

    /**
     * Does now what else is done before the first work: compiles and tests everything.
     *
     * @return one line about how long it took; null where there is nothing to prepare
     * @throws BackendException
     *             if something does not work
     */
    default String prepare(BackendOptions options) {
        return null;
    }

    /**
     * What it can run on, a line each, for people; the number of the line names the device where there are several.
     *
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    default List<String> devices() {
        try (Backend b = open(BackendOptions.threads(Runtime.getRuntime().availableProcessors()))) {
            return List.of(b.describe());
        }
    }
}
