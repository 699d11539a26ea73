package radedit.graph;

import radedit.tensor.Precision;
import radedit.tensor.Shape;

/**
 * A parameter of a network.
 *
 * @param name
 *            its published name
 * @param shape
 *            its published shape: linear [out, in], convolution [out, in, h, w]
 * @param precision
 *            to what its elements are rounded when they are read
 */
public record Weight(String name, Shape shape, Precision precision) {
    /**
     * A parameter as it is stored.
     *
     * @param name
     *            its published name
     * @param shape
     *            its published shape
     */
    public Weight(String name, Shape shape) {
        this(name, shape, Precision.NONE);
    }

    Weight rounded(Precision to) {
        return new Weight(name, shape, to);
    }
}
