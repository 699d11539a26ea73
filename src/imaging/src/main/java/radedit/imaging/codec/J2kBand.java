package radedit.imaging.codec;

/**
 * A sub-band of a tile-component (T.800 B.5).
 *
 * @param orientation
 *            0 LL, 1 HL (high-pass across), 2 LH, 3 HH
 * @param x0
 *            left edge of its rectangle, in its own coordinates
 * @param planeX
 *            column of its first sample in the tile-component's coefficients, where each resolution is four quarters:
 *            LL, HL to its right, LH below, HH
 * @param planes
 *            magnitude bit planes without those of a region of interest (Mb of equation E-2)
 * @param step
 *            quantiser step (equation E-3); 1 in the reversible path
 */
record J2kBand(int orientation, int x0, int y0, int x1, int y1, int planeX, int planeY, int planes, double step) {
}
