package radedit.graph;

import java.util.List;

import radedit.tensor.Shape;

/**
 * An operation with its inputs, weights and result.
 *
 * @param name
 *            the module's path in the published checkpoint; weights, PyTorch modules and audit lines have the same
 *            name
 * @param op
 *            the operation
 * @param inputs
 *            its operands, in the order that {@link Op} documents
 * @param weights
 *            its parameters, in the order that {@link Op} documents
 * @param output
 *            its result
 * @param covers
 *            names of the nodes fused into this one, in order; the last of them names the result
 */
public record Node(String name, Op op, List<Value> inputs, List<Weight> weights, Value output, List<String> covers) {

    /** {@return the name of the result: that of the last operation covered} */
    public String resultName() {
        return covers.isEmpty() ? name : covers.getLast();
    }

    /** {@return the shape of the result} */
    public Shape shape() {
        return output.shape();
    }

    /**
     * {@return whether PyTorch's result of this module has the channels before the pixels: always for pictures, and
     * for sequences if the module is a group norm}
     */
    public boolean channelsFirst() {
        return shape().rank() == 4 || shape().rank() == 3 && op instanceof Op.GroupNorm;
    }

    /**
     * {@return multiplications and additions, counted as PyTorch's flop counter does: convolutions, GEMMs and
     * attention only}
     */
    public double flops() {
        double rows = shape().rows();
        return switch (op) {
            case Op.Conv2d c -> 2.0 * rows * c.outChannels() * inputs.getFirst().channels() * c.kernel() * c.kernel();
            case Op.Linear l -> 2.0 * rows * l.outFeatures() * inputs.getFirst().channels();
            case Op.Attention a -> 4.0 * rows * inputs.get(1).dim(1) * shape().dim(-1);
            default -> 0;
        };
    }

    /** {@return whether the result is the same memory as the first input} */
    public boolean isView() {
        return op instanceof Op.Reshape || op instanceof Op.Identity;
    }
}
