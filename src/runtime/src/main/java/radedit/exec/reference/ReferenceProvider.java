package radedit.exec.reference;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.BackendProvider;
import radedit.exec.StochasticRounding;

/** Provides the double-precision backend, which is used only by name, and its variant with stochastic rounding. */
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
    public boolean hasStochasticRounding() {
        return true;
    }

    @Override
    public boolean hasEmulatedPrecision() {
        return true;
    }

    @Override
    public Backend open(BackendOptions options) {
        StochasticRounding rounding = options.rounding();
        return new ReferenceBackend(options.threads(),
                rounding == null ? Arithmetic.DOUBLE : new StochasticArithmetic(rounding));
    }
}
