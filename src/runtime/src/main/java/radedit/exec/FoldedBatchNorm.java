package radedit.exec;

import java.util.Arrays;
import java.util.List;

import radedit.graph.Op;
import radedit.safetensors.TensorData;

/**
 * A batch norm as x scale + shift for each channel, in double precision, to be folded into the weights and bias of the
 * convolution before it: (W x + b) scale + shift = (scale W) x + (b scale + shift).
 *
 * @param scale
 *            weight / sqrt(variance + eps), for each channel
 * @param shift
 *            bias - mean scale, for each channel
 */
public record FoldedBatchNorm(double[] scale, double[] shift) {
    /**
     * @param parameters
     *            weight, bias, mean and variance, each [channels]
     */
    public static FoldedBatchNorm of(Op.BatchNorm norm, List<TensorData> parameters) {
        int n = Math.toIntExact(parameters.getFirst().shape().elements());
        double[] scale = new double[n];
        double[] shift = new double[n];
        for (int c = 0; c < n; c++) {
            scale[c] = parameters.get(0).get(c) / Math.sqrt(parameters.get(3).get(c) + norm.eps());
            shift[c] = parameters.get(1).get(c) - parameters.get(2).get(c) * scale[c];
        }
        return new FoldedBatchNorm(scale, shift);
    }

    /** Changes nothing; stands for any where memory is planned without weights. */
    public static FoldedBatchNorm identity(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new FoldedBatchNorm(ones, new double[channels]);
    }

    /** A convolution's weight with the norm folded in, rounded once to float32. */
    public float foldWeight(float weight, int outChannel) {
        return (float) (weight * scale[outChannel]);
    }

    /**
     * Folds the norm into a convolution's bias, in place.
     *
     * @param bias
     *            [channels], or longer: what follows the channels is left as it is
     * @return the same array
     */
    public float[] foldBias(float[] bias) {
        for (int c = 0; c < scale.length; c++) {
            bias[c] = apply(bias[c], c);
        }
        return bias;
    }

    /** The norm of one element, rounded once to float32. */
    public float apply(float x, int channel) {
        return (float) (x * scale[channel] + shift[channel]);
    }
}
