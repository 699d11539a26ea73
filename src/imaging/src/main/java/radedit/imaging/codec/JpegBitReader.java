package radedit.imaging.codec;

/**
 * Bits of an entropy-coded segment (T.81 F.2.2.5): a 0 byte after 0xFF is stuffing, any other byte there a marker, which
 * ends the segment.
 */
final class JpegBitReader extends ScanBits {
    JpegBitReader(byte[] data, int start) {
        super(data, start);
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

    @Override
    boolean isMarker(byte after) {
        return after != 0 && after != -1;
    }
}
