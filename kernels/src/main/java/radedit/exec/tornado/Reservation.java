package radedit.exec.tornado;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

import radedit.exec.PlannedGraph;
import radedit.graph.Node;

/**
 * Device memory that the networks of one backend will need, known before they run: the maximum of their values, the latents,
 * and all weights, each counted once.
 */
final class Reservation {
    private final DeviceWeights weights = new DeviceWeights();
    private long values;
    private long latents;
    private boolean allFormats;

    /** Adds a graph, which will be fused. */
    void add(PlannedGraph p, TilePolicy policy) {
        values = Math.max(values, Footprint.of(p, policy, weights).values());
    }

    /**
     * Adds a fused graph.
     *
     * @param wanted
     *            whether a probe wants a node's result
     */
    void addFused(PlannedGraph p, TilePolicy policy, Predicate<Node> wanted) {
        values = Math.max(values, Footprint.ofFused(p, policy, wanted, weights).values());
    }

    /** Declares how many latent elements will be live at once. */
    void latents(long elements) {
        latents = elements;
    }

    long latents() {
        return latents;
    }

    /** The whole footprint. */
    Footprint footprint() {
        return weights.used().withValues(values).withLatents(latents);
    }

    /** Requests kernels for all weight formats. */
    void allFormats() {
        allFormats = true;
    }

    /** Weight formats for which to compile kernels. */
    Set<WeightFormat> formats() {
        Set<WeightFormat> all = EnumSet.noneOf(WeightFormat.class);
        all.addAll(allFormats ? EnumSet.allOf(WeightFormat.class) : weights.formats());
        return all;
    }
}
