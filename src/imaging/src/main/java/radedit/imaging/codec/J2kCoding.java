package radedit.imaging.codec;

/**
 * Coding style of a component (COD and COC segments, T.800 A.6.1 and A.6.2).
 *
 * @param levels
 *            wavelet decomposition levels
 * @param blockWidth
 *            log2 of the code-blocks' width
 * @param blockHeight
 *            log2 of the code-blocks' height
 * @param style
 *            code-block style, the bits below
 * @param reversible
 *            whether the wavelet is the 5/3, not the 9/7
 * @param precincts
 *            PPy * 16 + PPx for each resolution: log2 of the precincts' size
 */
record J2kCoding(int levels, int blockWidth, int blockHeight, int style, boolean reversible, int[] precincts) {
    static final int BYPASS = 1;
    static final int RESET_CONTEXTS = 2;
    static final int TERMINATE_ALL = 4;
    static final int CAUSAL = 8;
    static final int SEGMENT_SYMBOLS = 32;
    private static final int MAX_LEVELS = 32;
    private static final int WHOLE = 0xFF;

    /** Reads the SPcod or SPcoc part of a segment. */
    static J2kCoding read(ByteCursor in, boolean hasPrecincts) throws CodecException {
        int levels = in.u8();
        int blockWidth = in.u8() + 2;
        int blockHeight = in.u8() + 2;
        int style = in.u8();
        int transform = in.u8();
        if (levels > MAX_LEVELS || blockWidth > 10 || blockHeight > 10 || blockWidth + blockHeight > 12) {
            throw new CodecException(levels + " decomposition levels with code-blocks of 2^" + blockWidth + " x 2^"
                    + blockHeight + " are not allowed");
        }
        if ((style & 0x40) != 0) {
            throw new CodecException("High-Throughput JPEG 2000 (Part 15) is not supported");
        }
        if (style > 0x3F || transform > 1) {
            throw new CodecException("the coding style belongs to another part of JPEG 2000 than Part 1");
        }
        int[] precincts = new int[levels + 1];
        for (int r = 0; r <= levels; r++) {
            precincts[r] = hasPrecincts ? in.u8() : WHOLE;
            if (r > 0 && (precincts[r] >> 4 == 0 || (precincts[r] & 15) == 0)) {
                throw new CodecException("a precinct of one sample is not allowed");
            }
        }
        return new J2kCoding(levels, blockWidth, blockHeight, style, transform == 1, precincts);
    }

    boolean has(int styleBit) {
        return (style & styleBit) != 0;
    }

    /** Most passes of the codeword segment with a given index (D.4.2, D.6, table D.9). */
    int segmentCapacity(int segment) {
        if (has(TERMINATE_ALL)) {
            return 1;
        }
        if (!has(BYPASS)) {
            return Integer.MAX_VALUE;
        }
        return segment == 0 ? 10 : segment % 2 == 1 ? 2 : 1;
    }
}
