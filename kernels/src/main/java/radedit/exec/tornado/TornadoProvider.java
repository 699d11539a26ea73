package radedit.exec.tornado;

import java.util.List;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;
import radedit.exec.Backends;
import radedit.exec.TornadoSdk;

/**
 * Offers the GPU; only when asked for, because it wants a JVM started with TornadoVM's runtime. This class names none of
 * TornadoVM's, so that it can say so in a JVM without.
 */
public final class TornadoProvider implements BackendProvider {
    private static final String IMPLEMENTATION = "tornado.load.runtime.implementation";

    @Override
    public String name() {
        return Backends.TORNADO;
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Backend open(BackendOptions options) {
        requireRuntime();
        return BackendFactory.backend(options);
    }

    @Override
    public String prepare(BackendOptions options) {
        requireRuntime();
        return BackendFactory.prepare(options);
    }

    @Override
    public List<String> devices() {
        requireRuntime();
        return BackendFactory.devices();
    }

    private static void requireRuntime() {
        if (System.getProperty(IMPLEMENTATION) == null
                || ModuleLayer.boot().findModule("tornado.runtime").isEmpty()) {
            throw new BackendException(TornadoSdk.fault());
        }
    }
}
