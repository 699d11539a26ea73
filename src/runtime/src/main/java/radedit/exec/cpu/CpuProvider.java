package radedit.exec.cpu;

import radedit.exec.Backend;
import radedit.exec.BackendException;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;

/** Offers the Vector API backend; the default where no GPU backend is present. */
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
    public Backend open(BackendOptions options) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            throw new BackendException("the cpu backend needs the JVM flag --add-modules jdk.incubator.vector"
                    + " (the radedit launcher passes it)");
        }
        return new CpuBackend(options.threads());
    }
}
