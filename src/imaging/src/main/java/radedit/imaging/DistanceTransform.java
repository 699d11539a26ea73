package radedit.imaging;

/**
 * Squared Euclidean distance of each pixel's centre to the nearest one of a mask, exact, in time that grows with the
 * number of pixels alone (Meijster, Roerdink, Hesselink: A general algorithm for computing distance transforms in linear
 * time, 2000).
 */
final class DistanceTransform {
    private DistanceTransform() {
    }

    /** Row by row; 0 inside the mask, {@link Integer#MAX_VALUE} where the mask is empty or farther away than that. */
    static int[] squared(Mask mask) {
        int w = mask.width();
        int h = mask.height();
        int[] out = alongColumns(mask);
        // Of the parabolas (x - u)^2 + g(u)^2 the lowest at each x; site and from are the envelope's pieces.
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

    /** Distances within each column; a number beyond any distance where it is empty. */
    private static int[] alongColumns(Mask mask) {
        int w = mask.width();
        int h = mask.height();
        int none = 1 << 17; // sides stay below 2^16, whose square times two it exceeds once squared
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

    /** The last x at which the parabola of the earlier site is not above that of the later one. */
    private static long separation(long i, long u, long[] g) {
        return Math.floorDiv(u * u - i * i + g[(int) u] - g[(int) i], 2 * (u - i));
    }
}
