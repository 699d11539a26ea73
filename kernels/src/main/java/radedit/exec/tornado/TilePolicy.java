package radedit.exec.tornado;

/**
 * How convolutions and linear layers are made.
 *
 * @param units
 *            of the device, each of which makes a tile at a time. Products are made in wide tiles unless narrow ones, which take
 *            half the time, are done sooner; 0 makes all tiles wide and {@link #NARROW} all narrow
 * @param planes
 *            floats that the planes of {@link Winograd} may take; larger layers are done in runs of tiles
 */
record TilePolicy(int units, Winograd winograd, int planes) {
    /** 256 MB hold the planes of most layers of a UNet whole. */
    static final int PLANES = 1 << 26;

    /** Units for which narrow tiles are always done sooner. */
    static final int NARROW = Integer.MAX_VALUE;

    /** Whether a product is made of so many narrow tiles rather than of so many wide ones. */
    boolean narrow(int narrow, int wide) {
        return units > 0 && Math.ceilDiv(narrow, units) < 2 * Math.ceilDiv(wide, units);
    }

    /** Which tiles products may be made in. */
    String tiles() {
        return units == 0 ? "wide tiles" : units == NARROW ? "narrow tiles" : "all tiles";
    }

    /** Whether a kernel may be needed. */
    boolean uses(Kernel k) {
        return switch (k) {
            case GEMM_128 -> units < NARROW;
            case GEMM_64 -> units > 0;
            case WINOGRAD_INPUT, WINOGRAD_OUTPUT -> winograd != Winograd.OFF;
            default -> true;
        };
    }
}
