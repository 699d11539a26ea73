package radedit.exec.tornado;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import radedit.exec.BackendException;
import radedit.weights.TensorData;

/**
 * Which weights lie where on the device. Without a device it only counts how much they take.
 *
 * <p>
 * Places are given out from the first on. When the device is emptied everything is forgotten, and {@link #epoch} grows,
 * by which programs notice that their weights have to come again.
 */
final class Residents {
    /** Places are multiples of this many values, 128 bytes. */
    private static final int ALIGNMENT = 32;

    private final Map<Object, Integer> places = new HashMap<>();
    private Device device;
    private long used;
    private int epoch;

    /** Forgets everything and fills this device from now on. */
    void reset(Device to) {
        device = to;
        places.clear();
        used = 0;
        epoch++;
    }

    /** Grows with every {@link #reset}. */
    int epoch() {
        return epoch;
    }

    /** Values given out. */
    long used() {
        return used;
    }

    /** The place of one number. */
    int constant(double v) {
        float f = (float) v;
        return table(f, 1, () -> new float[]{f});
    }

    /**
     * The place of numbers made on the host.
     *
     * @param key
     *            what they are known by
     */
    int table(Object key, int length, Supplier<float[]> values) {
        Integer at = places.get(key);
        if (at == null) {
            at = place(key, length);
            if (device != null) {
                device.storeWeights(at, values.get(), 0, 1, 1, 1);
            }
        }
        return at;
    }

    /**
     * The place of a tensor [columns, channels, taps] as [columns, taps, padded].
     *
     * @param factors
     *            for each column, or null
     */
    int matrix(Object key, TensorData tensor, int channels, int taps, int padded, double[] factors) {
        Integer known = places.get(key);
        if (known != null) {
            return known;
        }
        long length = tensor.shape().elements();
        int place = place(key, length / channels * padded);
        if (device == null) {
            return place;
        }
        if (padded != channels) {
            int all = Math.toIntExact(length / channels * padded);
            device.run(Launch.over(Kind.CLEAR, all).with(StoreKernels.LENGTH, all).with(StoreKernels.TO, place));
        }
        for (long from = 0; from < length; from += Device.stageLength()) {
            int n = (int) Math.min(Device.stageLength(), length - from);
            float[] part = new float[n];
            tensor.copyTo(from, n, part, 0);
            for (int i = 0; factors != null && i < n; i++) {
                part[i] = (float) (part[i] * factors[(int) ((from + i) / taps / channels)]);
            }
            device.storeWeights(place, part, Math.toIntExact(from), channels, taps, padded);
        }
        return place;
    }

    private int place(Object key, long length) {
        if (used + length > Integer.MAX_VALUE - ALIGNMENT) {
            throw new BackendException("the weights need " + (used + length >> 28)
                    + " GB in one piece; 8 GB is the most the tornado backend can address");
        }
        int at = (int) used;
        used += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        places.put(key, at);
        return at;
    }
}
