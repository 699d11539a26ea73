package radedit.imaging.codec;

/**
 * Bits of an entropy-coded segment (T.81 F.2.2.5): a 0 byte after 0xFF is stuffing, any other byte there a marker, which
 * ends the segment. Past the end zero bits are returned, so that inner loops need no test; {@link #checkEnd} reports
 * afterwards whether any were used.
 */
final class JpegBitReader {
    private final byte[] data;
    private int position;
    /** The next bits, left-aligned; below the valid ones there are zeros. */
    private long window;
    private int available;
    /** Number of zero bits past the end among the available ones. */
    private int invented;

    JpegBitReader(byte[] data, int start) {
        this.data = data;
        this.position = start;
    }

    /** The value of the next Huffman code. */
    int decode(JpegHuffmanTable table) throws CodecException {
        if (available < 16) {
            fill();
        }
        int entry = table.look[(int) (window >>> (64 - JpegHuffmanTable.LOOK_BITS))];
        if (entry == 0) {
            entry = table.find((int) (window >>> 48));
        }
        int length = entry >> 8;
        window <<= length;
        available -= length;
        return entry & 0xFF;
    }

    /**
     * A difference of the given category (T.81 F.2.2.1, EXTEND): the next bits are its value, or its value less one if
     * it is negative.
     *
     * @param category
     *            1 to 16
     */
    int difference(int category) {
        if (available < category) {
            fill();
        }
        int bits = (int) (window >>> (64 - category));
        // All ones if the first bit is 0, that is if the difference is negative.
        int negative = (int) ~(window >> 63);
        window <<= category;
        available -= category;
        return bits + (negative & (1 - (1 << category)));
    }

    private void fill() {
        while (available <= 56) {
            int b = position < data.length ? data[position] & 0xFF : 0xFF;
            if (b != 0xFF) {
                position++;
            } else if (position + 1 < data.length && data[position + 1] == 0) {
                position += 2;
            } else {
                b = 0;
                invented += 8;
            }
            window |= (long) b << (56 - available);
            available += 8;
        }
    }

    /** Throws if bits past the end were used. */
    void checkEnd() throws CodecException {
        if (invented > available) {
            throw new CodecException("the compressed data end early");
        }
    }

    /**
     * Skips a restart marker; all bits before it must have been read.
     *
     * @param count
     *            number of restart markers before this one
     */
    void restart(int count) throws CodecException {
        checkEnd();
        int marker = marker();
        if (marker >= data.length - 1 || (data[marker + 1] & 0xFF) != 0xD0 + (count & 7)) {
            throw new CodecException("restart marker " + (count + 1) + " is missing");
        }
        position = marker + 2;
        window = 0;
        available = 0;
        invented = 0;
    }

    /** Offset of the next marker (its last 0xFF), or the end of the data. */
    int marker() {
        int p = position;
        while (p < data.length - 1) {
            if (data[p] == -1 && data[p + 1] != 0 && data[p + 1] != -1) {
                return p;
            }
            p++;
        }
        return data.length;
    }
}
