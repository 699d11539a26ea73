package radedit.stress.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;

import radedit.metrics.features.FrechetDistance;
import radedit.metrics.features.KernelDistance;
import radedit.metrics.features.Manifold;

/** How far the edited films are from the real ones, as sets of feature vectors. */
final class Distances {
    private static final int FEWEST = Manifold.DEFAULT_NEIGHBOURS + 2;

    private Distances() {
    }

    /**
     * {@return the distances by name}
     *
     * @param features
     *            what made the vectors, in words
     * @param real
     *            [n, d], of the films before the edit
     * @param edited
     *            [m, d], of the edited films
     */
    static Map<String, Object> of(String features, double[][] real, double[][] edited) {
        Map<String, Object> m = new LinkedHashMap<>();
        m.put("features", features);
        m.put("real", real.length);
        m.put("edited", edited.length);
        if (real.length < FEWEST || edited.length < FEWEST) {
            m.put("note", "too few films: " + FEWEST + " of each are needed");
            return m;
        }
        FrechetDistance f = FrechetDistance.of(real, edited);
        m.put("frechet_distance", Estimate.defined(f.value()));
        if (f.singular()) {
            m.put("note", "fewer films than features: the Frechet distance depends on the number of films");
        }
        m.put("kernel_distance", Estimate.defined(KernelDistance.of(real, edited)));
        Manifold n = Manifold.of(real, edited, Manifold.DEFAULT_NEIGHBOURS);
        m.put("precision", Estimate.defined(n.precision()));
        m.put("recall", Estimate.defined(n.recall()));
        m.put("density", Estimate.defined(n.density()));
        m.put("coverage", Estimate.defined(n.coverage()));
        return m;
    }
}
