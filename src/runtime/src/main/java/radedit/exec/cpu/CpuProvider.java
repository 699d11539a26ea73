package radedit.exec.cpu;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;

/** Provides the Vector API backend, the default if there is no GPU backend. */
public final class CpuProvider implements BackendProvider {
    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public int priority() {
        return 0;
    }

    @Override
    public boolean hasEmulatedPrecision() {
        return true;
    }

    @Override
    public Backend open(BackendOptions options) {
        VectorApi.check(Runtime.version().feature());
        return new CpuBackend(options.threads());
    }
}
