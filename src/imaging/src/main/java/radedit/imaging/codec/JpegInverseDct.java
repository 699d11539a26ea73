package radedit.imaging.codec;

/**
 * The inverse DCT of an 8 x 8 block in integers: Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms
 * with 11 multiplications" (ICASSP 1989), columns before rows, constants with 13 fraction bits. Word lengths and
 * roundings are those of libjpeg's accurate integer method, so that decoded pictures are equal to those of most
 * programs.
 */
final class JpegInverseDct {
    private static final int FRACTION = 13;
    private static final int C_0_298 = 2446;
    private static final int C_0_390 = 3196;
    private static final int C_0_541 = 4433;
    private static final int C_0_765 = 6270;
    private static final int C_0_899 = 7373;
    private static final int C_1_175 = 9633;
    private static final int C_1_501 = 12299;
    private static final int C_1_847 = 15137;
    private static final int C_1_961 = 16069;
    private static final int C_2_053 = 16819;
    private static final int C_2_562 = 20995;
    private static final int C_3_072 = 25172;

    /** Fraction bits kept between the passes; fewer for 12-bit samples, so that 32 bits hold every sum. */
    private final int between;
    private final int centre;
    private final int max;

    /** For samples of 8 or 12 bits. */
    JpegInverseDct(int precision) {
        between = precision == 8 ? 2 : 1;
        centre = 1 << (precision - 1);
        max = (1 << precision) - 1;
    }

    /**
     * Transforms a block, and clears its array for the next one.
     *
     * @param block
     *            64 dequantised coefficients, row-major
     * @param out
     *            receives samples, clamped to their range
     * @param at
     *            index of the block's first sample
     * @param stride
     *            samples per row
     */
    void transform(int[] block, short[] out, int at, int stride) {
        for (int x = 0; x < 8; x++) {
            pass(block, x, 8, FRACTION - between);
        }
        for (int y = 0; y < 8; y++) {
            int row = 8 * y;
            pass(block, row, 1, FRACTION + between + 3);
            for (int x = 0; x < 8; x++) {
                out[at + y * stride + x] = clamp(block[row + x] + centre);
                block[row + x] = 0;
            }
        }
    }

    /** Transforms a block whose coefficients are all 0 except the first. */
    void transformFlat(int[] block, short[] out, int at, int stride) {
        short value = clamp(((block[0] << between) + (1 << (between + 2)) >> between + 3) + centre);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                out[at + y * stride + x] = value;
            }
        }
        block[0] = 0;
    }

    private short clamp(int v) {
        return (short) Math.clamp(v, 0, max);
    }

    /** Transforms eight points in place; the results are divided by 2^shift and rounded. */
    private static void pass(int[] v, int at, int step, int shift) {
        int v1 = v[at + step];
        int v2 = v[at + 2 * step];
        int v3 = v[at + 3 * step];
        int v4 = v[at + 4 * step];
        int v5 = v[at + 5 * step];
        int v6 = v[at + 6 * step];
        int v7 = v[at + 7 * step];
        int round = 1 << (shift - 1);

        int even = (v2 + v6) * C_0_541;
        int e2 = even - v6 * C_1_847;
        int e3 = even + v2 * C_0_765;
        int e0 = ((v[at] + v4) << FRACTION) + round;
        int e1 = ((v[at] - v4) << FRACTION) + round;
        int t0 = e0 + e3;
        int t1 = e1 + e2;
        int t2 = e1 - e2;
        int t3 = e0 - e3;

        int z5 = (v7 + v3 + v5 + v1) * C_1_175;
        int z1 = -(v7 + v1) * C_0_899;
        int z2 = -(v5 + v3) * C_2_562;
        int z3 = z5 - (v7 + v3) * C_1_961;
        int z4 = z5 - (v5 + v1) * C_0_390;
        int o0 = v7 * C_0_298 + z1 + z3;
        int o1 = v5 * C_2_053 + z2 + z4;
        int o2 = v3 * C_3_072 + z2 + z3;
        int o3 = v1 * C_1_501 + z1 + z4;

        v[at] = (t0 + o3) >> shift;
        v[at + step] = (t1 + o2) >> shift;
        v[at + 2 * step] = (t2 + o1) >> shift;
        v[at + 3 * step] = (t3 + o0) >> shift;
        v[at + 4 * step] = (t3 - o0) >> shift;
        v[at + 5 * step] = (t2 - o1) >> shift;
        v[at + 6 * step] = (t1 - o2) >> shift;
        v[at + 7 * step] = (t0 - o3) >> shift;
    }
}
