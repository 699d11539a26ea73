package radedit.exec.tornado;

import java.util.EnumSet;
import java.util.List;
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
    private boolean rounds;

    /** Adds a graph, which will be fused. */
    void add(PlannedGraph p, TilePolicy policy) {
        values = Math.max(values, Footprint.of(p, policy, weights).values());
        rounds |= Rounding.isIn(p.graph());
    }

    /**
     * Adds a fused graph.
     *
     * @param wanted
     *            whether a probe wants a node's result
     */
    void addFused(PlannedGraph p, TilePolicy policy, Predicate<Node> wanted) {
        values = Math.max(values, Footprint.ofFused(p, policy, wanted, weights).values());
        rounds |= Rounding.isIn(p.graph());
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

    /** Requests the kernels that round. */
    void roundings() {
        rounds = true;
    }

    /** What the networks need of the kernels, with a tile policy. */
    KernelNeeds needs(TilePolicy policy) {
        Set<WeightFormat> formats = EnumSet.noneOf(WeightFormat.class);
        formats.addAll(allFormats ? EnumSet.allOf(WeightFormat.class) : weights.formats());
        return new KernelNeeds(List.of(policy), formats, rounds);
    }
}
