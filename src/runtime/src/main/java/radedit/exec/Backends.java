package radedit.exec;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The one place where a backend is chosen. */
public final class Backends {
    /** Leaves the choice to {@link #open}. */
    public static final String AUTO = "auto";

    private Backends() {
    }

    /** All backends, the preferred first; of those with the same name, only the preferred. */
    public static List<BackendProvider> providers() {
        Map<String, BackendProvider> all = new LinkedHashMap<>();
        ServiceLoader.load(BackendProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
                .forEach(p -> all.putIfAbsent(p.name(), p));
        return List.copyOf(all.values());
    }

    /** Names of the backends that support {@link BackendOptions#fastMath}. */
    public static List<String> withFastMath() {
        return providers().stream().filter(BackendProvider::hasFastMath).map(BackendProvider::name).toList();
    }

    /** Opens a backend by name, with strict arithmetic and so many host threads; 0 for one per processor. */
    public static Backend open(String name, int threads) {
        return open(name, BackendOptions.threads(threads));
    }

    /**
     * Opens a backend by name; {@value #AUTO} takes the first that works.
     *
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
                    return p.open(asked);
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
