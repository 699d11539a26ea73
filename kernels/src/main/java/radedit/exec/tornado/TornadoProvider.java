package radedit.exec.tornado;

import java.util.List;
import java.util.Optional;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;
import radedit.exec.TornadoPlaceholder;
import radedit.exec.TornadoSdk;

/**
 * Provides the GPU backend. It is used only by name, because it requires a JVM started with TornadoVM's runtime. This class
 * refers to no class of TornadoVM, so that it can report what is missing in a JVM without it.
 */
public final class TornadoProvider implements BackendProvider {
    private static final String IMPLEMENTATION = "tornado.load.runtime.implementation";

    @Override
    public String name() {
        return TornadoPlaceholder.NAME;
    }

    @Override
    public int priority() {
        return -1;
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
        requireRuntime();
        return BackendFactory.backend(options);
    }

    @Override
    public Optional<String> prepare(BackendOptions options) {
        requireRuntime();
        return Optional.of(BackendFactory.prepare(options));
    }

    @Override
    public List<String> devices() {
        requireRuntime();
        return BackendFactory.devices();
    }

    private static void requireRuntime() {
        if (System.getProperty(IMPLEMENTATION) == null
                || ModuleLayer.boot().findModule("tornado.runtime").isEmpty()) {
            throw new BackendException(TornadoSdk.diagnose(true));
        }
    }
}
