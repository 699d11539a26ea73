package radedit.exec.tornado;

import java.util.function.Predicate;

import radedit.exec.Planned;
import radedit.graph.Fusion;
import radedit.graph.Node;

/**
 * What a program takes of the arrays on the device, in elements.
 *
 * @param values
 *            floats for inputs, intermediate and final results
 * @param latents
 *            floats for the latents of samplers
 * @param tables
 *            floats for small parameters and for tables whose rows are chosen
 * @param floats
 *            weights of GEMMs that are stored in 32 bits
 * @param halves
 *            weights of GEMMs that are stored in 16 bits
 * @param largest
 *            elements of the largest weight of a GEMM, which lies in one array
 */
record Footprint(long values, long latents, long tables, long floats, long halves, long largest) {
    static final Footprint NONE = new Footprint(0, 0, 0, 0, 0, 0);

    /** Weights alone. */
    static Footprint ofWeights(long tables, long floats, long halves, long largest) {
        return new Footprint(0, 0, tables, floats, halves, largest);
    }

    /** What a graph takes as it will run. */
    static Footprint of(Planned p, TilePolicy policy) {
        return of(p, policy, new DeviceWeights());
    }

    /**
     * What a graph takes as it will run, and what was counted before.
     *
     * @param counted
     *            counts each weight once
     */
    static Footprint of(Planned p, TilePolicy policy, DeviceWeights counted) {
        Planned fused = new Planned(Fusion.apply(p.graph().prune(n -> false), n -> false), p.weights());
        return ofFused(fused, policy, n -> false, counted);
    }

    /**
     * What a graph takes as it is, and what was counted before.
     *
     * @param wanted
     *            whether a node's result is looked at
     * @param counted
     *            counts each weight once
     */
    static Footprint ofFused(Planned p, TilePolicy policy, Predicate<Node> wanted, DeviceWeights counted) {
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

    /** What suffices for one after the other. */
    Footprint or(Footprint o) {
        return new Footprint(Math.max(values, o.values), Math.max(latents, o.latents), Math.max(tables, o.tables),
                Math.max(floats, o.floats), Math.max(halves, o.halves), Math.max(largest, o.largest));
    }

    /** What suffices to keep the weights of both. */
    Footprint and(Footprint o) {
        return new Footprint(Math.max(values, o.values), Math.max(latents, o.latents), tables + o.tables, floats + o.floats,
                halves + o.halves, Math.max(largest, o.largest));
    }

    /** Whether there is as much of everything as another needs. */
    boolean covers(Footprint o) {
        return equals(or(o));
    }

    long bytes() {
        return 4 * (values + latents + tables + floats) + 2 * halves;
    }
}
