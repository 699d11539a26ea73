package radedit.exec.tornado;

import radedit.graph.Graph;

/**
 * Lengths of the arrays on the device that a program takes, in floats.
 */
record Needs(long values, long weights) {
    static final Needs NONE = new Needs(0, 0);

    /**
     * @param fused
     *            a graph as it will run
     */
    static Needs of(Graph fused) {
        Residents counted = new Residents();
        Lowering lowering = new Lowering(fused, null, counted, 0);
        fused.nodes().forEach(lowering::step);
        return new Needs(lowering.valueCount(), counted.used());
    }

    /** What suffices for one after the other. */
    Needs or(Needs o) {
        return new Needs(Math.max(values, o.values), Math.max(weights, o.weights));
    }

    /** What suffices to keep the weights of both. */
    Needs and(Needs o) {
        return new Needs(Math.max(values, o.values), weights + o.weights);
    }

    long bytes() {
        return 4 * (values + weights);
    }
}
