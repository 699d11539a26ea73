package radedit.exec.tornado;

/**
 * Tile sizes of GEMMs, and which convolutions use Winograd.
 *
 * @param units
 *            compute units of the device, each of which computes one large tile or up to four small tiles at a time. The tile
 *            size is 128 x 128 unless 64 x 64 finishes sooner; 0 makes all tiles large, {@link #NARROW} all small
 * @param planes
 *            largest number of floats in the planes of {@link Winograd}; larger layers are computed in several runs
 */
record TilePolicy(int units, Winograd winograd, int planes) {
    /** 256 MB: holds the planes of most layers of a UNet in one run. */
    static final int PLANES = 1 << 26;

    /** Number of units with which small tiles always finish sooner. */
    static final int NARROW = Integer.MAX_VALUE;

    /**
     * Time of 0 to 4 small tiles at once on a compute unit, relative to one large tile; measured on an H200 ({@code
     * bench/RESULTS.md}).
     */
    private static final double[] SMALL = {0, 0.43, 0.68, 0.89, 1.12};
    private static final int AT_ONCE = SMALL.length - 1;

    /** Whether a GEMM of {@code narrow} small or {@code wide} large tiles uses small tiles. */
    boolean narrow(int narrow, int wide) {
        return units == NARROW || units > 0 && rounds(narrow) < Math.ceilDiv(wide, units);
    }

    /** Time of small tiles, in units of the time of a large tile. */
    private double rounds(int narrow) {
        int all = AT_ONCE * units;
        int full = narrow / all;
        return full * SMALL[AT_ONCE] + SMALL[Math.ceilDiv(narrow % all, units)];
    }

    /** Tile sizes in use, in words. */
    String tiles() {
        return units == 0 ? "large tiles" : units == NARROW ? "small tiles" : "all tiles";
    }

    /** Whether this policy may need a kernel. */
    boolean uses(Kernel k) {
        return switch (k) {
            case GEMM_128 -> units < NARROW;
            case GEMM_64 -> units > 0;
            case WINOGRAD_INPUT, WINOGRAD_OUTPUT -> winograd != Winograd.OFF;
            default -> true;
        };
    }
}
