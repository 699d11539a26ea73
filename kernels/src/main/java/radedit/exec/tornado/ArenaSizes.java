package radedit.exec.tornado;

import java.util.Collections;
import java.util.List;

/**
 * Lengths of the arrays on the device, in elements. Values, latents and tables take one array each. Weights may take several,
 * because many devices limit a single allocation to a part of their memory.
 *
 * @param floats
 *            length of each array of 32-bit weights; at least one array
 * @param halves
 *            length of each array of 16-bit weights; at least one array
 */
record ArenaSizes(long values, long latents, long tables, List<Long> floats, List<Long> halves) {
    /** TornadoVM counts elements in an int. */
    private static final long MOST = Integer.MAX_VALUE - 64;

    /** Every array has room for the zeros at its start. */
    private static final long LEAST = Device.ZEROS;

    /** Limit per type: each array has kernels of its own, and TornadoVM limits the tasks of a plan. */
    private static final int MOST_ARRAYS = 16;

    /**
     * Lengths of the fewest arrays that hold a footprint.
     *
     * @param bytes
     *            limit of a single allocation
     * @return null if it does not fit
     */
    static ArenaSizes of(Footprint n, long bytes) {
        long most = most(bytes);
        List<Long> floats = split(n.floats(), n.largest(), most, DeviceWeights.start(true));
        List<Long> halves = split(n.halves(), n.largest(), Math.min(MOST, bytes / 2), DeviceWeights.start(false));
        long latents = Device.ZEROS + n.latents();
        return n.values() > most || latents > most || n.tables() > most || floats == null || halves == null
                ? null
                : new ArenaSizes(Math.max(LEAST, n.values()), latents, Math.max(LEAST, n.tables()), floats, halves);
    }

    /** The most floats in one array. */
    private static long most(long bytes) {
        return Math.min(MOST, bytes / 4);
    }

    /** Arrays of equal length, each with spare room for the weight that did not fit into the array before. */
    private static List<Long> split(long total, long largest, long most, int start) {
        if (start + total <= most) {
            return List.of(start + total);
        }
        long room = most - start - largest;
        if (room <= 0) {
            return null;
        }
        long count = Math.ceilDiv(total, room);
        return count > MOST_ARRAYS
                ? null
                : Collections.nCopies((int) count, start + Math.ceilDiv(total, count) + largest);
    }

    long bytes() {
        return 4 * (values + latents + tables + sum(floats)) + 2 * sum(halves);
    }

    private static long sum(List<Long> all) {
        return all.stream().mapToLong(Long::longValue).sum();
    }
}
