package radedit.exec;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The one place where a backend is chosen. */
public final class Backends {
    /** Leaves the choice to {@link #open}. */
    public static final String AUTO = "auto";
    /** The GPU backend, which is part of a build with a TornadoVM SDK only. */
    public static final String TORNADO = "tornado";

    private Backends() {
    }

    /** All backends of this build, the preferred first. */
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class).stream().map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed()).toList();
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
        if (name.equals(TORNADO)) {
            throw new BackendException(TornadoSdk.fault());
        }
        String known = providers().stream().map(BackendProvider::name).collect(Collectors.joining(", "));
        throw new BackendException("backend '" + name + "' is not part of this build (there are: " + known + ")");
    }
}
