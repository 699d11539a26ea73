package radedit.exec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The one place where a backend is chosen. */
public final class Backends {
    /** Leaves the choice to {@link #open}. */
    public static final String AUTO = "auto";

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
        if (name.equals("tornado")) {
            throw new BackendException(withoutGpu());
        }
        String known = providers().stream().map(BackendProvider::name).collect(Collectors.joining(", "));
        throw new BackendException("backend '" + name + "' is not part of this build (there are: " + known + ")");
    }

    /** Why this build has no GPU backend, and what to do. */
    public static String withoutGpu() {
        String sdk = System.getenv("TORNADOVM_HOME");
        if (sdk == null || sdk.isEmpty()) {
            return "no TornadoVM SDK: install one for JDK 25 (5.2.0 or later; 'sdk install tornadovm' of SDKMAN does)"
                    + " and point TORNADOVM_HOME to it";
        }
        if (!Files.isDirectory(Path.of(sdk, "share", "java", "tornado"))) {
            return "no TornadoVM SDK in " + sdk + ", which TORNADOVM_HOME names: it has no folder share/java/tornado";
        }
        return "this build is without the GPU backend; start with the radedit launcher, which builds it for the SDK in "
                + sdk;
    }
}
