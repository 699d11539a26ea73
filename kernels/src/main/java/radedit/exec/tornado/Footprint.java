package radedit.exec.tornado;

import java.util.function.Predicate;

import radedit.exec.PlannedGraph;
import radedit.graph.Fusion;
import radedit.graph.Node;

/**
 * Elements that programs need of each device array.
 *
 * @param values
 *            inputs, intermediate and final results
 * @param latents
 *            latents of samplers
 * @param tables
 *            small parameters and lookup tables
 * @param floats
 *            32-bit weights of GEMMs
 * @param halves
 *            16-bit weights of GEMMs
 * @param largest
 *            largest weight of a GEMM, which must fit into one array
 */
record Footprint(long values, long latents, long tables, long floats, long halves, long largest) {
    static final Footprint NONE = new Footprint(0, 0, 0, 0, 0, 0);

    /** A footprint of weights only. */
    static Footprint ofWeights(long tables, long floats, long halves, long largest) {
        return new Footprint(0, 0, tables, floats, halves, largest);
    }

    /** Footprint of a graph, after fusion. */
    static Footprint of(PlannedGraph p, TilePolicy policy) {
        return of(p, policy, new DeviceWeights());
    }

    /**
     * Footprint of a graph, after fusion, including everything counted before.
     *
     * @param counted
     *            counts each weight once
     */
    static Footprint of(PlannedGraph p, TilePolicy policy, DeviceWeights counted) {
        PlannedGraph fused = new PlannedGraph(Fusion.apply(p.graph().prune(n -> false), n -> false), p.weights());
        return ofFused(fused, policy, n -> false, counted);
    }

    /**
     * Footprint of a fused graph, including everything counted before.
     *
     * @param wanted
     *            whether a probe wants a node's result
     * @param counted
     *            counts each weight once
     */
    static Footprint ofFused(PlannedGraph p, TilePolicy policy, Predicate<Node> wanted, DeviceWeights counted) {
        Lowering lowering = new Lowering(p.graph(), p.weights(), counted, policy, wanted);
        p.graph().nodes().forEach(lowering::step);
        return counted.used().withValues(lowering.valueCount());
    }

    Footprint withValues(long n) {
        return new Footprint(n, latents, tables, floats, halves, largest);
    }

    Footprint withLatents(long n) {
        return new Footprint(values, n, tables, floats, halves, largest);
    }

    Footprint withLargest(long n) {
        return new Footprint(values, latents, tables, floats, halves, n);
    }

    /** Elementwise maximum: suffices to run one after the other. */
    Footprint max(Footprint o) {
        return new Footprint(Math.max(values, o.values), Math.max(latents, o.latents), Math.max(tables, o.tables),
                Math.max(floats, o.floats), Math.max(halves, o.halves), Math.max(largest, o.largest));
    }

    /** Suffices to run one after the other and keep the weights of both. */
    Footprint plus(Footprint o) {
        return new Footprint(Math.max(values, o.values), Math.max(latents, o.latents), tables + o.tables,
                floats + o.floats,
                halves + o.halves, Math.max(largest, o.largest));
    }

    /** Whether this is at least as large as another, in every array. */
    boolean covers(Footprint o) {
        return equals(max(o));
    }

    long bytes() {
        return 4 * (values + latents + tables + floats) + 2 * halves;
    }
}
