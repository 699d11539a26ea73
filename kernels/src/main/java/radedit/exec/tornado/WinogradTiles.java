package radedit.exec.tornado;

/**
 * A run of tiles, each of 2 x 2 results, of a convolution by {@link Winograd}, and the planes of its 16 points.
 *
 * @param first
 *            index of the run's first tile among those of all samples, row by row
 * @param count
 *            number of tiles in the run
 * @param rows
 *            rows per plane: {@code count}, rounded up to whole tiles of the GEMM
 * @param planes
 *            [16, rows, channels]
 */
record WinogradTiles(int first, int count, int rows, Offset.Values planes) {
    // Slots.
    static final int ROWS = 26;
    static final int FIRST = 27;
    static final int COUNT = 28;
    static final int PLANES = 29;

    void encode(Slots to) {
        to.set(ROWS, rows).set(FIRST, first).set(COUNT, count).set(PLANES, planes);
    }
}
