package radedit.exec.tornado;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

import radedit.exec.Planned;
import radedit.graph.Node;

/**
 * What the networks of one backend will need of the device, known before they run: the most values and latents of any, and the
 * weights of all, each counted once.
 */
final class Reservation {
    private final DeviceWeights weights = new DeviceWeights();
    private long values;
    private long latents;
    private boolean allFormats;

    /** Adds a graph as it will run. */
    void add(Planned p, TilePolicy policy) {
        values = Math.max(values, Footprint.of(p, policy, weights).values());
    }

    /**
     * Adds a graph as it is.
     *
     * @param wanted
     *            whether a node's result is looked at
     */
    void addFused(Planned p, TilePolicy policy, Predicate<Node> wanted) {
        values = Math.max(values, Footprint.ofFused(p, policy, wanted, weights).values());
    }

    /** Latents that will be live at once. */
    void latents(long elements) {
        latents = elements;
    }

    long latents() {
        return latents;
    }

    /** All of it, with the weights of all networks side by side. */
    Footprint needs() {
        return weights.used().withValues(values).withLatents(latents);
    }

    /** Has the kernels for all formats compiled. */
    void allFormats() {
        allFormats = true;
    }

    /** Formats of the matrices. */
    Set<WeightFormat> formats() {
        Set<WeightFormat> all = EnumSet.noneOf(WeightFormat.class);
        all.addAll(allFormats ? EnumSet.allOf(WeightFormat.class) : weights.formats());
        return all;
    }
}
