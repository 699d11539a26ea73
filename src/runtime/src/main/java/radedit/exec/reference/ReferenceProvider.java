package radedit.exec.reference;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;

/** Provides the double-precision backend, which is used only by name. */
public final class ReferenceProvider implements BackendProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int priority() {
        return -1;
    }

    @Override
    public Backend open(BackendOptions options) {
        return new ReferenceBackend(options.threads());
    }
}
