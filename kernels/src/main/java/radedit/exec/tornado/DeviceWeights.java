package radedit.exec.tornado;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import radedit.exec.BackendException;
import radedit.safetensors.TensorData;
import radedit.exec.FoldedBatchNorm;

/**
 * Tracks where weights are on the device. Without a device it only counts their elements, each weight once.
 *
 * <p>
 * Places are assigned consecutively. {@link #reset} evicts all weights and increments {@link #epoch}, by which programs notice
 * that they must upload theirs again.
 */
final class DeviceWeights {
    /**
     * Location of the weight of a GEMM.
     *
     * @param arena
     *            index of its array: 32-bit arrays come first, then 16-bit arrays
     * @param format
     *            format of its elements
     */
    record Place(int arena, int at, WeightFormat format) {}

    /** Alignment in elements: 128 bytes of floats. */
    private static final int ALIGNMENT = 32;

    private final Map<Object, Offset.Tables> tables = new HashMap<>();
    private final Map<Object, Place> matrices = new HashMap<>();
    private final Set<WeightFormat> formats = EnumSet.noneOf(WeightFormat.class);
    /** Weights on the device, which are not counted again; null for none. */
    private final DeviceWeights present;
    private Device device;
    private Footprint used = Footprint.NONE;
    /** Elements in use, per weight array. */
    private long[] filled = new long[2];
    private int epoch;
    private long uploaded;

    DeviceWeights() {
        this(null);
    }

    private DeviceWeights(DeviceWeights present) {
        this.present = present;
    }

    /** Returns a counter of weights that are not here yet. */
    DeviceWeights counterOfMore() {
        return new DeviceWeights(this);
    }

    /** Evicts all weights; later ones are uploaded to this device. */
    void reset(Device to) {
        device = to;
        tables.clear();
        matrices.clear();
        formats.clear();
        used = Footprint.NONE;
        filled = IntStream.range(0, to.matrices()).mapToLong(arena -> start(to.isFloat(arena)))
                .toArray();
        epoch++;
    }

    /** Offset of the first weight in an array: byte 128, header included. */
    static int start(boolean floats) {
        return floats ? Device.ZEROS : 2 * Device.ZEROS;
    }

    /** The number of calls of {@link #reset}. */
    int epoch() {
        return epoch;
    }

    /** Whether weights are only counted. */
    boolean counting() {
        return device == null;
    }

    /** Footprint of the weights. */
    Footprint used() {
        return used;
    }

    /** Formats of the weights of GEMMs. */
    Set<WeightFormat> formats() {
        return formats;
    }

    /** Elements uploaded in total; for tests. */
    long uploaded() {
        return uploaded;
    }

    private Offset.Tables knownTable(Object key) {
        Offset.Tables at = tables.get(key);
        return at == null && present != null ? present.knownTable(key) : at;
    }

    private Place knownMatrix(Object key) {
        Place at = matrices.get(key);
        return at == null && present != null ? present.knownMatrix(key) : at;
    }

    /** Offset of a constant, rounded to float32; uploads it if needed. */
    Offset.Tables constant(double v) {
        float f = (float) v;
        return table(f, 1, () -> new float[]{f});
    }

    /**
     * Offset of small parameters or a lookup table; uploads them if needed.
     *
     * @param key
     *            identifies them
     */
    Offset.Tables table(Object key, int length, Supplier<float[]> values) {
        Offset.Tables known = knownTable(key);
        if (known != null) {
            return known;
        }
        Offset.Tables at = room(key, length);
        if (device != null) {
            device.uploads().table(at, values.get());
            uploaded += length;
        }
        return at;
    }

    /** Offset of a tensor whose rows are looked up; uploads it if needed. */
    Offset.Tables rows(Object key, TensorData tensor) {
        Offset.Tables known = knownTable(key);
        if (known != null) {
            return known;
        }
        int length = Math.toIntExact(tensor.shape().elements());
        Offset.Tables at = room(key, length);
        for (int from = 0; from < length && device != null; from += Uploads.MOST) {
            float[] part = new float[Math.min(Uploads.MOST, length - from)];
            tensor.copyTo(from, part.length, part, 0);
            device.uploads().table(at.plus(from), part);
            uploaded += part.length;
        }
        return at;
    }

    private Offset.Tables room(Object key, int length) {
        Offset.Tables at = new Offset.Tables(addressable(used.tables(), length));
        used = used.plus(Footprint.ofWeights(aligned(length), 0, 0, 0));
        tables.put(key, at);
        return at;
    }

    /**
     * Place of a tensor [columns, channels, taps], stored as [columns, taps, padded]; uploads it if needed. 16-bit weights stay
     * 16-bit unless a norm is folded in or they are rounded to another format.
     *
     * @param norm
     *            batch norm of the columns to fold in; null for none
     */
    Place matrix(Object key, TensorData tensor, int channels, int taps, int padded, FoldedBatchNorm norm) {
        Place known = knownMatrix(key);
        if (known != null) {
            return known;
        }
        WeightFormat format = norm == null ? WeightFormat.of(tensor) : WeightFormat.FLOAT32;
        long length = tensor.shape().elements();
        Place place = place(format, length / channels * padded);
        matrices.put(key, place);
        if (device == null) {
            return place;
        }
        if (padded != channels) {
            device.uploads().clear(place, Math.toIntExact(length / channels * padded));
        }
        for (long from = 0; from < length; from += Uploads.MOST) {
            int n = (int) Math.min(Uploads.MOST, length - from);
            WeightLayout layout = new WeightLayout(Math.toIntExact(from), channels, taps, padded);
            uploaded += n;
            if (norm == null && format.holds(tensor)) {
                device.uploads().weight(place, tensor, from, n, layout);
            } else {
                float[] part = new float[n];
                tensor.copyTo(from, n, part, 0);
                for (int i = 0; norm != null && i < n; i++) {
                    part[i] = norm.foldWeight(part[i], (int) ((from + i) / taps / channels));
                }
                device.uploads().weight(place, part, layout);
            }
        }
        return place;
    }

    /**
     * Place of a tensor [columns, channels, 3, 3], transformed for {@link Winograd} and stored as [columns, 16, padded] in
     * float32; uploads it if needed.
     */
    Place winograd(Object key, TensorData tensor, int channels, int padded) {
        Place known = knownMatrix(key);
        if (known != null) {
            return known;
        }
        long kernels = tensor.shape().elements() / 9;
        long length = kernels / channels * Winograd.POINTS * padded;
        Place place = place(WeightFormat.FLOAT32, length);
        matrices.put(key, place);
        if (device != null && padded != channels) {
            device.uploads().clear(place, Math.toIntExact(length));
        }
        int most = Uploads.MOST / Winograd.POINTS;
        for (long from = 0; from < kernels && device != null; from += most) {
            float[] part = new float[9 * (int) Math.min(most, kernels - from)];
            tensor.copyTo(9 * from, part.length, part, 0);
            uploaded += part.length;
            device.uploads().weight(place, Winograd.transform(part),
                    new WeightLayout(Math.toIntExact(Winograd.POINTS * from), channels, Winograd.POINTS, padded));
        }
        return place;
    }

    /** Assigns a place in the first array with enough room. */
    private Place place(WeightFormat format, long length) {
        boolean floats = format == WeightFormat.FLOAT32;
        // A GEMM reads one slice past the end of its weight.
        long size = aligned(length + Gemm.SLICE);
        used = used.plus(floats ? Footprint.ofWeights(0, size, 0, size) : Footprint.ofWeights(0, 0, size, size));
        formats.add(format);
        if (device == null) {
            return new Place(0, 0, format);
        }
        for (int arena = 0; arena < filled.length; arena++) {
            if (device.isFloat(arena) == floats && filled[arena] + size <= device.length(arena)) {
                int at = addressable(filled[arena], length);
                filled[arena] += size;
                return new Place(arena, at, format);
            }
        }
        throw new BackendException("no room for " + length + " weights among " + Arrays.toString(filled));
    }

    private static int addressable(long at, long length) {
        if (at + length > Integer.MAX_VALUE - ALIGNMENT) {
            throw new BackendException("one array needs " + (at + length >> 28)
                    + " GB in one piece; 8 GB is the most the tornado backend can address");
        }
        return (int) at;
    }

    private static long aligned(long length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
