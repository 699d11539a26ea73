package radedit.graph;

import radedit.tensor.Shape;

/** The result of the node with this id. Pictures are NHWC, token sequences {@code [batch, tokens, channels]}. */
public record Value(int id, Shape shape) {
    public int dim(int axis) {
        return shape.dim(axis);
    }

    /** The last axis. */
    public int channels() {
        return shape.dim(-1);
    }
}
