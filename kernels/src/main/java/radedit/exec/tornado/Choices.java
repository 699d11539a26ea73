package radedit.exec.tornado;

/**
 * How convolutions and linear layers are made.
 *
 * @param tiles128
 *            products of at least so many tiles of 128 x 128 are made of such, others of smaller ones
 * @param planes
 *            floats that the planes of {@link Winograd} may take; larger layers are done in runs of tiles
 */
record Choices(int tiles128, Winograd winograd, int planes) {
    /** 256 MB hold the planes of most layers of a UNet whole. */
    static final int PLANES = 1 << 26;
}
