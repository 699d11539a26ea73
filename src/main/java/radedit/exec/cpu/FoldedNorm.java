package radedit.exec.cpu;

import java.util.List;

import radedit.graph.Op;
import radedit.weights.TensorData;

/**
 * A batch norm as one factor and one summand for each channel, to be put into the weights of the convolution before it.
 * Computed in double precision; without parameters (null) it stands for any, to plan with.
 */
final class FoldedNorm {
    private final double[] scale;
    private final double[] shift;

    private FoldedNorm(double[] scale, double[] shift) {
        this.scale = scale;
        this.shift = shift;
    }

    /**
     * @param parameters
     *            weight, bias, mean and variance, or null
     */
    static FoldedNorm of(Op.BatchNorm norm, List<TensorData> parameters) {
        if (parameters == null) {
            return new FoldedNorm(null, null);
        }
        int n = Math.toIntExact(parameters.getFirst().shape().elements());
        double[] scale = new double[n];
        double[] shift = new double[n];
        for (int c = 0; c < n; c++) {
            scale[c] = parameters.get(0).get(c) / Math.sqrt(parameters.get(3).get(c) + norm.eps());
            shift[c] = parameters.get(1).get(c) - parameters.get(2).get(c) * scale[c];
        }
        return new FoldedNorm(scale, shift);
    }

    /** The weight of a convolution that does this norm's scaling too. */
    Weights scaled(Weights weight) {
        return scale == null ? weight : new FoldedWeights(weight, scale);
    }

    /** The bias of that convolution, in the place of the old one; what follows the channels stays as it is. */
    float[] shifted(float[] bias) {
        if (scale != null) {
            for (int c = 0; c < scale.length; c++) {
                bias[c] = (float) (bias[c] * scale[c] + shift[c]);
            }
        }
        return bias;
    }

    /** The norm by itself, for a row of channels. */
    void apply(float[] arena, int from, int to, int channels) {
        for (int c = 0; c < channels; c++) {
            arena[to + c] = (float) (arena[from + c] * scale[c] + shift[c]);
        }
    }
}
