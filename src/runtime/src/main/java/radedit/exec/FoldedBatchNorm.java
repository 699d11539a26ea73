package radedit.exec;

import java.util.Arrays;
import java.util.List;

import radedit.graph.Op;
import radedit.safetensors.TensorData;

/**
 * A batch norm as x · scale + shift per channel, in double precision, to be folded into the weights and bias of the
 * preceding convolution: (W x + b) scale + shift = (scale W) x + (b scale + shift).
 *
 * @param scale
 *            weight / sqrt(variance + eps), one per channel
 * @param shift
 *            bias - mean · scale, one per channel
 */
public record FoldedBatchNorm(double[] scale, double[] shift) {
    /**
     * {@return scale and shift of a batch norm}
     *
     * @param norm
     *            the operation
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

    /**
     * {@return scale 1 and shift 0; stands for any batch norm where memory is planned without weights}
     *
     * @param channels
     *            number of channels
     */
    public static FoldedBatchNorm identity(int channels) {
        double[] ones = new double[channels];
        Arrays.fill(ones, 1);
        return new FoldedBatchNorm(ones, new double[channels]);
    }

    /**
     * {@return a convolution's weight with the norm folded in, rounded once to float32}
     *
     * @param weight
     *            the weight
     * @param outChannel
     *            its output channel
     */
    public float foldWeight(float weight, int outChannel) {
        return (float) (weight * scale[outChannel]);
    }

    /**
     * Folds the norm into a convolution's bias, in place.
     *
     * @param bias
     *            [channels] or longer; elements after the channels are left unchanged
     * @return the same array
     */
    public float[] foldBias(float[] bias) {
        for (int c = 0; c < scale.length; c++) {
            bias[c] = apply(bias[c], c);
        }
        return bias;
    }

    /**
     * {@return the norm of one element, rounded once to float32}
     *
     * @param x
     *            the element
     * @param channel
     *            its channel
     */
    public float apply(float x, int channel) {
        return (float) (x * scale[channel] + shift[channel]);
    }
}
