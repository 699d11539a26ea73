package radedit.exec.tornado;

/**
 * Tile sizes of GEMMs, and which convolutions use Winograd.
 *
 * @param units
 *            compute units of the device, each of which computes a tile at a time. Tiles are 128 columns wide unless tiles of
 *            64, which take half the time each, finish sooner; 0 makes all tiles wide and {@link #NARROW} all narrow
 * @param planes
 *            floats that the planes of {@link Winograd} may take; larger layers are computed in several runs
 */
record TilePolicy(int units, Winograd winograd, int planes) {
    /** 256 MB, which hold the planes of most layers of a UNet in one run. */
    static final int PLANES = 1 << 26;

    /** Units with which narrow tiles always finish sooner. */
    static final int NARROW = Integer.MAX_VALUE;

    /** Whether a GEMM of {@code narrow} narrow or {@code wide} wide tiles uses the narrow ones. */
    boolean narrow(int narrow, int wide) {
        return units > 0 && Math.ceilDiv(narrow, units) < 2 * Math.ceilDiv(wide, units);
    }

    /** The tile sizes in use, in words. */
    String tiles() {
        return units == 0 ? "wide tiles" : units == NARROW ? "narrow tiles" : "all tiles";
    }

    /** Whether this policy can need a kernel. */
    boolean uses(Kernel k) {
        return switch (k) {
            case GEMM_128 -> units < NARROW;
            case GEMM_64 -> units > 0;
            case WINOGRAD_INPUT, WINOGRAD_OUTPUT -> winograd != Winograd.OFF;
            default -> true;
        };
    }
}
