package radedit.imaging.codec;

/** Reads big-endian numbers from a range of a byte array, never past its end. */
final class ByteCursor {
    private final byte[] data;
    private final int end;
    private int position;

    ByteCursor(byte[] data) {
        this(data, 0, data.length);
    }

    /** Reads {@code data[start..end)}. */
    ByteCursor(byte[] data, int start, int end) {
        this.data = data;
        this.position = start;
        this.end = end;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    int remaining() {
        return end - position;
    }

    /** Moves to an absolute position. */
    void seek(int to) throws CodecException {
        if (to < 0 || to > end) {
            throw new CodecException("the codestream ends early");
        }
        position = to;
    }

    int u8() throws CodecException {
        need(1);
        return data[position++] & 0xFF;
    }

    int u16() throws CodecException {
        need(2);
        position += 2;
        return (data[position - 2] & 0xFF) << 8 | data[position - 1] & 0xFF;
    }

    /** A 32-bit number, signed: values of 2^31 and above are negative. */
    int i32() throws CodecException {
        return u16() << 16 | u16();
    }

    long u32() throws CodecException {
        return i32() & 0xFFFFFFFFL;
    }

    /** The byte {@code ahead} bytes after the position, or -1 past the end. */
    int peek(int ahead) {
        return position + ahead < end ? data[position + ahead] & 0xFF : -1;
    }

    /** A cursor over the next {@code length} bytes; this one moves past them. */
    ByteCursor part(int length) throws CodecException {
        if (length < 0) {
            throw new CodecException("a segment's length is too small");
        }
        need(length);
        position += length;
        return new ByteCursor(data, position - length, position);
    }

    private void need(int n) throws CodecException {
        if (end - position < n) {
            throw new CodecException("the codestream ends early");
        }
    }
}
