package radedit.imaging.codec;

/** Bits of a packet header (T.800 B.10.1): the byte after 0xFF carries 7. */
final class J2kHeaderBits {
    private final ByteCursor in;
    private int current;
    private int left;

    /** Reads from the cursor's position. */
    J2kHeaderBits(ByteCursor in) {
        this.in = in;
    }

    int bit() throws CodecException {
        if (left == 0) {
            left = current == 0xFF ? 7 : 8;
            current = in.u8();
        }
        left--;
        return current >> left & 1;
    }

    /** The next n bits as a number, n from 0 to 31. */
    int bits(int n) throws CodecException {
        int value = 0;
        for (int i = 0; i < n; i++) {
            value = value << 1 | bit();
        }
        return value;
    }

    /** Ends the header: the rest of its byte is padding, and so is a byte after 0xFF. */
    void align() throws CodecException {
        if (current == 0xFF) {
            in.u8();
        }
        left = 0;
        current = 0;
    }
}
