package radedit.exec.tornado;

/**
 * How a part of a tensor [columns, channels, taps] is laid out as [columns, taps, padded] on the device.
 *
 * @param first
 *            number of the part's first element in the tensor
 * @param padded
 *            channels in its place
 */
record WeightLayout(int first, int channels, int taps, int padded) {
    /** One after the other. */
    static final WeightLayout PLAIN = new WeightLayout(0, 1, 1, 1);
}
