package radedit.exec.tornado;

/**
 * Layout of part of a tensor [columns, channels, taps], stored as [columns, taps, padded] on the device.
 *
 * @param first
 *            index of the part's first element in the tensor
 * @param padded
 *            channels with padding
 */
record WeightLayout(int first, int channels, int taps, int padded) {
    /** Contiguous, in the tensor's order. */
    static final WeightLayout PLAIN = new WeightLayout(0, 1, 1, 1);

    /** Whether elements are stored contiguously, in the tensor's order. */
    boolean isPlain() {
        return taps == 1 && padded == channels;
    }
}
