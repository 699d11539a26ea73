package radedit.imaging.codec;

import java.util.Arrays;

/**
 * A tag tree (T.800 B.10.2): numbers on a grid, coded as minima over ever larger squares, each decoded only as far as
 * needed.
 */
final class J2kTagTree {
    private static final int UNKNOWN = Integer.MAX_VALUE;

    /** For each level, leaves first: index of its first node; and nodes per row. */
    private final int[] starts;
    private final int[] widths;
    private final int[] values;
    /** Known lower bound of each node's value. */
    private final int[] lower;

    J2kTagTree(int width, int height) {
        int levels = 33 - Integer.numberOfLeadingZeros(Math.max(width, height) - 1);
        starts = new int[levels];
        widths = new int[levels];
        int nodes = 0;
        for (int level = 0; level < levels; level++) {
            starts[level] = nodes;
            widths[level] = (width - 1 >> level) + 1;
            nodes += widths[level] * ((height - 1 >> level) + 1);
        }
        values = new int[nodes];
        Arrays.fill(values, UNKNOWN);
        lower = new int[nodes];
    }

    /** Whether the number at a position is below a threshold; reads as many bits as this takes. */
    boolean below(int x, int y, int threshold, J2kHeaderBits bits) throws CodecException {
        int known = 0;
        int node = 0;
        for (int level = widths.length - 1; level >= 0; level--) {
            node = starts[level] + (y >> level) * widths[level] + (x >> level);
            known = Math.max(known, lower[node]);
            while (known < threshold && known < values[node]) {
                if (bits.bit() == 1) {
                    values[node] = known;
                } else {
                    known++;
                }
            }
            lower[node] = known;
        }
        return values[node] < threshold;
    }
}
