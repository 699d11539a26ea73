package radedit.imaging.codec;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** A tile, assembled from its tile-parts: parameters and packets. */
final class J2kTile {
    final J2kParameters parameters;
    private final byte[] codestream;
    private int start;
    private int end;
    /** All packets, if they are in several pieces. */
    private @Nullable ByteArrayOutputStream joined;

    J2kTile(J2kParameters main, byte[] codestream) {
        this.parameters = new J2kParameters(main);
        this.codestream = codestream;
    }

    /** Adds the packets of a tile-part. */
    void add(int from, int to) {
        if (start == end) {
            start = from;
            end = to;
        } else {
            if (joined == null) {
                joined = new ByteArrayOutputStream();
                joined.write(codestream, start, end - start);
            }
            joined.write(codestream, from, to - from);
        }
    }

    /** The array that contains the packets. */
    byte[] data() {
        return joined == null ? codestream : joined.toByteArray();
    }

    /** The packets in that array. */
    ByteCursor packets(byte[] data) {
        return joined == null ? new ByteCursor(data, start, end) : new ByteCursor(data);
    }
}
