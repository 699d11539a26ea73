package radedit.imaging.raster;

import java.io.EOFException;
import java.io.IOException;

/**
 * LZW of TIFF (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first; code length grows one code
 * early. A string is represented by its offset in the output.
 */
final class TiffLzw {
    private static final int CLEAR = 256;
    private static final int END = 257;
    private static final int FIRST = 258;
    private static final int MOST = 4096;
    private static final int SHORTEST = 9;
    private static final int LONGEST = 12;

    private TiffLzw() {
    }

    /** Fills an array; excess data are dropped. */
    static void decode(byte[] in, byte[] out) throws IOException {
        if (in.length > 1 && in[0] == 0 && (in[1] & 1) == 1) {
            throw new NotReadException(
                    "has LZW data of the kind before TIFF 5.0, which are not supported; save it with another compression, such as"
                            + " Deflate (tiffcp -c zip)");
        }
        int[] place = new int[MOST];
        int[] length = new int[MOST];
        int next = FIRST;
        int bits = SHORTEST;
        int previous = -1; // offset of the previous string
        int previousLength = 0;
        long window = 0;
        int available = 0;
        int from = 0;
        int at = 0;
        while (at < out.length) {
            while (available < bits) {
                if (from == in.length) {
                    throw new EOFException("its compressed data end too early");
                }
                window = window << 8 | in[from++] & 0xFF;
                available += 8;
            }
            available -= bits;
            int code = (int) (window >>> available) & (1 << bits) - 1;
            if (code == END) {
                throw new EOFException("its compressed data end too early");
            }
            if (code == CLEAR) {
                next = FIRST;
                bits = SHORTEST;
                previous = -1;
                continue;
            }
            int start = at;
            int count;
            if (code < CLEAR) {
                count = 1;
                out[at++] = (byte) code;
            } else {
                // The newest string is the previous one plus its first byte, which the copy below writes in time.
                boolean newest = code == next && previous >= 0;
                if (!newest && code >= next) {
                    throw new IOException("its compressed data are damaged: code " + code + " of " + next);
                }
                int source = newest ? previous : place[code];
                count = newest ? previousLength + 1 : length[code];
                int end = (int) Math.min(out.length, (long) at + count);
                while (at < end) {
                    out[at++] = out[source++];
                }
            }
            if (previous >= 0 && next < MOST) {
                place[next] = previous;
                length[next] = previousLength + 1;
                next++;
                if (next == (1 << bits) - 1 && bits < LONGEST) {
                    bits++;
                }
            }
            previous = start;
            previousLength = count;
        }
    }
}
