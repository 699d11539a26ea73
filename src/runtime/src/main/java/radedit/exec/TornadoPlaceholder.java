package radedit.exec;

import java.util.List;
import java.util.Optional;

/**
 * Stands for the GPU backend in a build without it, and reports what is missing. The backend's own provider has the
 * same name and a higher priority.
 */
public final class TornadoPlaceholder implements BackendProvider {
    /** The backend's name. */
    public static final String NAME = "tornado";

    /** Creates the provider; called by the service loader. */
    public TornadoPlaceholder() {
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int priority() {
        return Integer.MIN_VALUE;
    }

    @Override
    public boolean hasFastMath() {
        return true;
    }

    @Override
    public boolean hasEmulatedPrecision() {
        return true;
    }

    @Override
    public Backend open(BackendOptions options) {
        throw unavailable();
    }

    @Override
    public Optional<String> prepare(BackendOptions options) {
        throw unavailable();
    }

    @Override
    public List<String> devices() {
        throw unavailable();
    }

    private static BackendException unavailable() {
        return new BackendException(TornadoSdk.diagnose(false));
    }
}
