package radedit.imaging.codec;

import java.util.Arrays;

/**
 * A Huffman code of a DHT segment (T.81 annex C): codes of 1 to 16 bits, given by their number for each length. Short
 * codes, nearly all that occur, are found by one table look-up; the rest by comparing lengths (T.81 F.2.2.3).
 */
final class JpegHuffmanTable {
    /** Longest code in the look-up table. */
    static final int LOOK_BITS = 10;

    /** For each pattern of LOOK_BITS bits: length * 256 + value, or 0 where the code is longer. */
    final short[] look = new short[1 << LOOK_BITS];
    /** For each length: one above the largest code, left-aligned in 16 bits. */
    private final int[] limit = new int[17];
    /** For each length: what to add to a code to get its index in {@code values}. */
    private final int[] offset = new int[17];
    private final byte[] values;

    /** Reads counts and values from a DHT segment. */
    JpegHuffmanTable(ByteCursor in) throws CodecException {
        int[] counts = new int[17];
        int total = 0;
        for (int length = 1; length <= 16; length++) {
            counts[length] = in.u8();
            total += counts[length];
        }
        if (total > 256) {
            throw new CodecException("a Huffman table has " + total + " codes");
        }
        values = new byte[total];
        for (int i = 0; i < total; i++) {
            values[i] = (byte) in.u8();
        }
        int code = 0;
        int index = 0;
        for (int length = 1; length <= 16; length++) {
            offset[length] = index - code;
            if (length <= LOOK_BITS) {
                for (int k = 0; k < counts[length] && code + k < 1 << length; k++) {
                    int from = (code + k) << (LOOK_BITS - length);
                    short entry = (short) (length << 8 | values[index + k] & 0xFF);
                    Arrays.fill(look, from, from + (1 << (LOOK_BITS - length)), entry);
                }
            }
            code += counts[length];
            index += counts[length];
            if (code > 1 << length) {
                throw new CodecException("a Huffman table has more codes than fit in " + length + " bits");
            }
            limit[length] = code << (16 - length);
            code <<= 1;
        }
    }

    /**
     * Finds a code that is too long for the look-up table.
     *
     * @param bits
     *            the next 16 bits
     * @return length * 256 + value
     */
    int find(int bits) throws CodecException {
        for (int length = LOOK_BITS + 1; length <= 16; length++) {
            if (bits < limit[length]) {
                return length << 8 | values[offset[length] + (bits >> (16 - length))] & 0xFF;
            }
        }
        throw new CodecException("the compressed data hold a code that is in no Huffman table");
    }
}
