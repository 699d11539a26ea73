package radedit.exec.tornado;

/**
 * Layout of a part of a tensor [columns, channels, taps], stored as [columns, taps, padded] on the device.
 *
 * @param first
 *            index of the part's first element in the tensor
 * @param padded
 *            channels with padding
 */
record WeightLayout(int first, int channels, int taps, int padded) {
    /** One after the other. */
    static final WeightLayout PLAIN = new WeightLayout(0, 1, 1, 1);

    /** Whether elements are stored in the tensor's order, one after the other. */
    boolean isPlain() {
        return taps == 1 && padded == channels;
    }
}
