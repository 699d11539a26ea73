package radedit.graph;

import radedit.tensor.Shape;

/**
 * The result of a node. Pictures are {@code [batch, height, width, channels]}, token sequences
 * {@code [batch, tokens, channels]}.
 *
 * @param id
 *            unique within the graph
 * @param shape
 *            its shape
 */
public record Value(int id, Shape shape) {
    /**
     * {@return the extent of an axis}
     *
     * @param axis
     *            index of the axis; a negative one counts from the last, which is -1
     */
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** {@return the extent of the last axis} */
    public int channels() {
        return shape.dim(-1);
    }
}
