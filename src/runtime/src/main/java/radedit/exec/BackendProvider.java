package radedit.exec;

import java.util.List;
import java.util.Optional;

/**
 * Opens a backend, or reports why it cannot run here. Implementations are registered as services and found through
 * {@link Backends}, which names none of them.
 */
public interface BackendProvider {
    /**
     * {@return the name by which users select the backend; of several providers with one name, that of the highest
     * priority is used}
     */
    String name();

    /**
     * {@return the priority: the highest is tried first if the user names no backend; a negative one is used only
     * by name}
     */
    int priority();

    /** {@return whether it supports {@link BackendOptions#fastMath}} */
    default boolean hasFastMath() {
        return false;
    }

    /** {@return whether it supports {@link BackendOptions#rounding}} */
    default boolean hasStochasticRounding() {
        return false;
    }

    /** {@return whether it supports {@link BackendOptions#emulated}} */
    default boolean hasEmulatedPrecision() {
        return false;
    }

    /**
     * Opens the backend.
     *
     * @param options
     *            its options; the number of threads is at least 1
     * @return the backend; to be closed by the caller
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    Backend open(BackendOptions options);

    /**
     * Compiles and tests everything that would otherwise be compiled and tested before the first run.
     *
     * @param options
     *            its options
     * @return one line with the time it took; empty if there is nothing to prepare
     * @throws BackendException
     *             if it cannot run here, with the reason and the way to mend it
     */
    default Optional<String> prepare(BackendOptions options) {
        return Optional.empty();
    }

    /**
     * {@return the devices it can run on, one line each, for people; the number of a line, if there are several,
     * selects a device}
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
