package radedit.imaging.codec;

/**
 * Bits of an entropy-coded segment of JPEG or JPEG-LS, which a marker ends. Past the end zero bits are returned, so that inner
 * loops need no test; {@link #checkEnd} reports afterwards whether any were used. Subclasses fill the window, each by its rule of
 * stuffing.
 */
abstract class ScanBits {
    final byte[] data;
    int position;
    /** The next bits, left-aligned; below the valid ones there are zeros. */
    long window;
    int available;
    /** Number of zero bits past the end among the available ones. */
    int invented;

    ScanBits(byte[] data, int start) {
        this.data = data;
        this.position = start;
    }

    /** Whether a byte after 0xFF makes it a marker, and neither stuffing nor a fill byte. */
    abstract boolean isMarker(byte after);

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
        for (int p = position; p < data.length - 1; p++) {
            if (data[p] == -1 && isMarker(data[p + 1])) {
                return p;
            }
        }
        return data.length;
    }
}
