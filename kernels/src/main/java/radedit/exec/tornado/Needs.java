package radedit.exec.tornado;

import java.util.function.Predicate;

import radedit.exec.Planned;
import radedit.graph.Fusion;
import radedit.graph.Node;

/**
 * What a program takes of the arrays on the device.
 *
 * @param values
 *            floats for inputs, intermediate and final results
 * @param tables
 *            floats for small parameters and for tables whose rows are chosen
 * @param floats
 *            weights of products that are stored in 32 bits
 * @param halves
 *            weights of products that are stored in 16 bits
 * @param largest
 *            numbers in the largest weight of a product; it lies in one array
 */
record Needs(long values, long tables, long floats, long halves, long largest) {
    static final Needs NONE = new Needs(0, 0, 0, 0, 0);

    /** What a graph takes as it will run. */
    static Needs of(Planned p, Choices choices) {
        return ofFused(new Planned(Fusion.apply(p.graph().prune(n -> false), n -> false), p.weights()), choices,
                n -> false);
    }

    /**
     * What a graph takes as it is.
     *
     * @param wanted
     *            whether a node's result is looked at
     */
    static Needs ofFused(Planned p, Choices choices, Predicate<Node> wanted) {
        Residents counted = new Residents();
        Lowering lowering = new Lowering(p.graph(), p.weights(), counted, choices, wanted);
        p.graph().nodes().forEach(lowering::step);
        return counted.used().withValues(lowering.valueCount());
    }

    Needs withValues(long n) {
        return new Needs(n, tables, floats, halves, largest);
    }

    /** What suffices for one after the other. */
    Needs or(Needs o) {
        return new Needs(Math.max(values, o.values), Math.max(tables, o.tables), Math.max(floats, o.floats),
                Math.max(halves, o.halves), Math.max(largest, o.largest));
    }

    /** What suffices to keep the weights of both. */
    Needs and(Needs o) {
        return new Needs(Math.max(values, o.values), tables + o.tables, floats + o.floats, halves + o.halves,
                Math.max(largest, o.largest));
    }

    /** Whether there is as much of everything as another needs. */
    boolean covers(Needs o) {
        return equals(or(o));
    }

    long bytes() {
        return 4 * (values + tables + floats) + 2 * halves;
    }
}
