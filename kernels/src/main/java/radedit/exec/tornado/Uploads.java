package radedit.exec.tornado;

import radedit.safetensors.TensorData;

/** Uploads to the arrays of a device. Host arrays may be changed as soon as a call returns. */
interface Uploads {
    /** Largest number of elements uploaded at once: 16 MB of floats. */
    int MOST = 1 << 22;

    /** Uploads values of a run. */
    void values(Offset.Values to, float[] from);

    /** Uploads small parameters or a lookup table. */
    void table(Offset.Tables to, float[] from);

    /** Uploads latents. */
    void latents(Offset.Latents to, float[] from);

    /** Uploads part of a weight, at most {@link #MOST} elements. */
    void weight(DeviceWeights.Place to, float[] part, WeightLayout layout);

    /**
     * Uploads part of a weight as its file encodes it, without a copy on the heap.
     *
     * @param from
     *            first element of the tensor
     * @param n
     *            at most {@link #MOST}
     */
    void weight(DeviceWeights.Place to, TensorData tensor, long from, int n, WeightLayout layout);

    /** Zeroes the place of a weight. */
    void clear(DeviceWeights.Place place, int length);
}
