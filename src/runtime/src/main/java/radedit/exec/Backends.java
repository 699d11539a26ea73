package radedit.exec;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

import radedit.tensor.Precision;

/** Finds and opens backends. */
public final class Backends {
    /** Name that leaves the choice to {@link #open}. */
    public static final String AUTO = "auto";

    private Backends() {
    }

    /** {@return all backends by descending priority; of several with one name, only the first} */
    public static List<BackendProvider> providers() {
        Map<String, BackendProvider> all = new LinkedHashMap<>();
        ServiceLoader.load(BackendProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
                .forEach(p -> all.putIfAbsent(p.name(), p));
        return List.copyOf(all.values());
    }

    /** {@return the names of the backends that support {@link BackendOptions#fastMath}} */
    public static List<String> withFastMath() {
        return providers().stream().filter(BackendProvider::hasFastMath).map(BackendProvider::name).toList();
    }

    /** {@return the names of the backends that support {@link BackendOptions#emulated}} */
    public static List<String> withEmulatedPrecision() {
        return providers().stream().filter(BackendProvider::hasEmulatedPrecision).map(BackendProvider::name).toList();
    }

    /**
     * Opens a backend by name, with strict arithmetic.
     *
     * @param name
     *            its name, or {@value #AUTO} for the first that works
     * @param threads
     *            host threads; 0 for one per processor
     * @return the backend; to be closed by the caller
     * @throws BackendException
     *             if there is none of that name or it cannot run here
     */
    public static Backend open(String name, int threads) {
        return open(name, BackendOptions.threads(threads));
    }

    /**
     * Opens a backend by name.
     *
     * @param name
     *            its name, or {@value #AUTO} for the first that works
     * @param options
     *            its options
     * @return the backend; to be closed by the caller
     * @throws BackendException
     *             if there is none of that name or it cannot run here
     */
    public static Backend open(String name, BackendOptions options) {
        BackendOptions asked = options.withThreads(
                options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads());
        BackendException refused = null;
        for (BackendProvider p : providers()) {
            if (name.equals(p.name()) || name.equals(AUTO) && p.priority() >= 0) {
                try {
                    if (asked.rounding() != null && !p.hasStochasticRounding()) {
                        throw new BackendException("backend '" + p.name() + "' has no stochastic rounding");
                    }
                    if (asked.emulated() == Precision.NONE) {
                        return p.open(asked);
                    }
                    if (!p.hasEmulatedPrecision()) {
                        throw new BackendException(EmulatedPrecision.refusal(p.name()));
                    }
                    return new EmulatedPrecision(p.open(asked), asked.emulated());
                } catch (BackendException e) {
                    if (!name.equals(AUTO)) {
                        throw e;
                    }
                    refused = e;
                }
            }
        }
        if (refused != null) {
            throw refused;
        }
        String known = providers().stream().map(BackendProvider::name).collect(Collectors.joining(", "));
        throw new BackendException("backend '" + name + "' is not part of this build (there are: " + known + ")");
    }
}
