package radedit.imaging;

/**
 * Exact squared Euclidean distance from each pixel's centre to the nearest pixel centre of a mask, in linear time
 * (Meijster, Roerdink, Hesselink: A general algorithm for computing distance transforms in linear time, 2000).
 */
final class DistanceTransform {
    private DistanceTransform() {
    }

    /**
     * Squared distances, row by row: 0 inside the mask, {@link Integer#MAX_VALUE} where the mask is empty or the
     * distance does not fit.
     */
    static int[] squared(Mask mask) {
        int w = mask.width();
        int h = mask.height();
        int[] out = alongColumns(mask);
        // Lower envelope of the parabolas (x - u)^2 + g(u)^2: piece i belongs to site[i] and begins at from[i].
        long[] g = new long[w];
        int[] site = new int[w];
        int[] from = new int[w];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                g[x] = (long) out[y * w + x] * out[y * w + x];
            }
            int last = 0;
            site[0] = 0;
            from[0] = 0;
            for (int u = 1; u < w; u++) {
                while (last >= 0 && at(from[last], site[last], g) > at(from[last], u, g)) {
                    last--;
                }
                if (last < 0) {
                    last = 0;
                    site[0] = u;
                    from[0] = 0;
                } else {
                    long start = 1 + separation(site[last], u, g);
                    if (start < w) {
                        last++;
                        site[last] = u;
                        from[last] = (int) Math.max(0, start);
                    }
                }
            }
            for (int x = w - 1; x >= 0; x--) {
                out[y * w + x] = (int) Math.min(Integer.MAX_VALUE, at(x, site[last], g));
                if (x == from[last]) {
                    last--;
                }
            }
        }
        return out;
    }

    /** Distance to the mask within each column; larger than any distance where the column is empty. */
    private static int[] alongColumns(Mask mask) {
        int w = mask.width();
        int h = mask.height();
        int none = 1 << 17; // its square exceeds 2 * (2^16)^2, and sides are below 2^16
        int[] out = new int[w * h];
        for (int i = 0; i < out.length; i++) {
            int above = i < w ? none : out[i - w];
            out[i] = mask.pixels()[i] ? 0 : Math.min(none, above + 1);
        }
        for (int i = out.length - w - 1; i >= 0; i--) {
            out[i] = Math.min(out[i], out[i + w] + 1);
        }
        return out;
    }

    private static long at(long x, int u, long[] g) {
        return (x - u) * (x - u) + g[u];
    }

    /** The last x at which the parabola of site i is not above that of site u, for i below u. */
    private static long separation(long i, long u, long[] g) {
        return Math.floorDiv(u * u - i * i + g[(int) u] - g[(int) i], 2 * (u - i));
    }
}
