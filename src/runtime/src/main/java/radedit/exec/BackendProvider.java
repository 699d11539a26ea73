package radedit.exec;

import java.util.List;

/**
 * Opens a backend, or says what keeps it from running here. Implementations are registered as services; whoever looks them up
 * knows none by name.
 */
public interface BackendProvider {
    /** What the user calls the backend. Of several providers with one name, the one with the highest priority counts. */
    String name();

    /** Higher is tried first when the user leaves the choice open; a negative one is never chosen unasked. */
    int priority();

    /** Whether it supports {@link BackendOptions#fastMath}. */
    default boolean hasFastMath() {
        return false;
    }

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
     * Compiles and tests everything now that would otherwise be compiled and tested before the first run.
     *
     * @return one line that says how long it took; null if there is nothing to prepare
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    default String prepare(BackendOptions options) {
        return null;
    }

    /**
     * The devices it can run on, one line each, for people; where there are several, the number of its line selects a device.
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
