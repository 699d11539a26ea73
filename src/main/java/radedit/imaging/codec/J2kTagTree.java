package radedit.imaging.codec;

import java.util.Arrays;

/**
 * A tag tree (T.800 B.10.2): numbers on a grid, coded as the minima of ever larger squares, each only as far as it is
 * asked for.
 */
final class J2kTagTree {
    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final int levels;
    private final int[] widths;
    /** Index of each level's first node; level 0 are the leaves. */
    private final int[] starts;
    private final int[] values;
    /** What each node's value is known to be at least. */
    private final int[] lower;

    J2kTagTree(int width, int height) {
        int[] w = new int[32];
        int[] s = new int[33];
        w[0] = width;
        int h = height;
        int n = 0;
        s[1] = width * height;
        while (w[n] > 1 || h > 1) {
            n++;
            w[n] = (w[n - 1] + 1) / 2;
            h = (h + 1) / 2;
            s[n + 1] = s[n] + w[n] * h;
        }
        levels = n + 1;
        widths = w;
        starts = s;
        values = new int[s[levels]];
        Arrays.fill(values, UNKNOWN);
        lower = new int[s[levels]];
    }

    /** Whether the number at a place is below a threshold; reads as many bits as it takes to know. */
    boolean below(int x, int y, int threshold, J2kHeaderBits bits) throws CodecException {
        int known = 0;
        int node = 0;
        for (int level = levels - 1; level >= 0; level--) {
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
