package radedit.graph;

import java.util.List;

import radedit.tensor.Shape;

/**
 * An operation in its place.
 *
 * @param name
 *            the module's path in the published checkpoint; weights, PyTorch modules and audit lines carry the same name
 * @param covers
 *            names of the nodes whose work was fused into this one, in order; the last of them names the result
 */
public record Node(String name, Op op, List<Value> inputs, List<Weight> weights, Value output, List<String> covers) {

    /** The name under which the result is known: that of the last operation covered. */
    public String resultName() {
        return covers.isEmpty() ? name : covers.getLast();
    }

    public Shape shape() {
        return output.shape();
    }

    /**
     * Whether PyTorch's own result for this module has the channels before the pixels: pictures always, sequences where
     * the module normalises groups of channels.
     */
    public boolean channelsFirst() {
        return shape().rank() == 4 || shape().rank() == 3 && op instanceof Op.GroupNorm;
    }

    /** Multiplications and additions, counted as PyTorch's flop counter does: products of matrices only. */
    public double flops() {
        double rows = shape().rows();
        return switch (op) {
            case Op.Conv2d c -> 2.0 * rows * c.outChannels() * inputs.getFirst().channels() * c.kernel() * c.kernel();
            case Op.Linear l -> 2.0 * rows * l.outFeatures() * inputs.getFirst().channels();
            case Op.Attention a -> 4.0 * rows * inputs.get(1).dim(1) * shape().dim(-1);
            default -> 0;
        };
    }

    /** Whether the result is the same memory as the first input. */
    public boolean isView() {
        return op instanceof Op.Reshape || op instanceof Op.Identity;
    }
}
