package radedit.trace;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import radedit.safetensors.FormatException;

/**
 * Unzips a file of gzip pieces (members, RFC 1952) one after the other; after damage it goes on with the next piece that can be
 * read. GZIPInputStream is of no use here: what follows a piece and does not begin like one, it leaves out in silence.
 */
final class PieceReader {
    /** Faults after which the rest of a file is left alone, which bounds time and memory. */
    static final int MOST_FAULTS = 1000;

    /** Bytes before the place where inflating failed in which the next piece may begin. */
    private static final int OVERLAP = 512;
    private static final int HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_CHECKSUM = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;

    private final Path file;
    private final byte[] all;
    private final long most;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final byte[] some = new byte[1 << 16];
    /** Where the piece that is read ends, or about where it is damaged. */
    private int at;

    /**
     * @param most
     *            largest number of bytes of text
     */
    PieceReader(Path file, byte[] all, long most) {
        this.file = file;
        this.all = all;
        this.most = most;
    }

    /**
     * {@return the text; where bytes cannot be read, it has a line feed}
     *
     * @param damage
     *            receives which bytes cannot be read
     */
    byte[] read(List<String> damage) throws IOException {
        int faults = 0;
        while (at < all.length) {
            int begin = at;
            if (!unzip()) {
                int from = Math.max(begin, at - OVERLAP);
                at = ++faults < MOST_FAULTS ? nextPiece(Math.max(begin + 1, from)) : all.length;
                damage.add("bytes " + from + " to " + (at - 1) + " cannot be read");
                text.write('\n');
            }
        }
        return text.toByteArray();
    }

    /** The index of the next gzip header. */
    private int nextPiece(int from) {
        for (int i = from; i + 3 < all.length; i++) {
            if (isPiece(i) && all[i + 3] == 0) {
                return i;
            }
        }
        return all.length;
    }

    private boolean isPiece(int i) {
        return all[i] == 0x1f && (all[i + 1] & 0xFF) == 0x8b && all[i + 2] == 8;
    }

    /** Unzips a piece and moves behind it; false if it is damaged. */
    private boolean unzip() throws IOException {
        int begin = at;
        int data = skipHeader();
        if (data < 0) {
            return false;
        }
        CRC32 sum = new CRC32();
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(all, data, all.length - data);
            while (!inflater.finished()) {
                int n = inflater.inflate(some);
                if (n == 0 && !inflater.finished()) { // cut, or it asks for a dictionary, which gzip does not have
                    at = all.length;
                    return false;
                }
                sum.update(some, 0, n);
                text.write(some, 0, n);
                if (text.size() > most) {
                    throw new FormatException(file, "holds more than " + (most >> 20) + " MB of text");
                }
            }
            at = (int) (data + inflater.getBytesRead());
            if (all.length - at < TRAILER) {
                at = all.length;
                return false;
            }
            ByteBuffer trailer = ByteBuffer.wrap(all, at, TRAILER).order(ByteOrder.LITTLE_ENDIAN);
            if (trailer.getInt() != (int) sum.getValue() || trailer.getInt() != (int) inflater.getBytesWritten()) {
                return false;
            }
            at += TRAILER;
            return true;
        } catch (DataFormatException e) {
            at = Math.max(begin, (int) (data + inflater.getBytesRead()));
            return false;
        } finally {
            inflater.end();
        }
    }

    /** The index of the compressed data of the piece; -1 if there is none. */
    private int skipHeader() {
        if (all.length - at < HEADER || !isPiece(at)) {
            return -1;
        }
        int flags = all[at + 3];
        int i = at + HEADER;
        if ((flags & EXTRA) != 0) {
            i += i + 1 < all.length ? 2 + (all[i] & 0xFF) + ((all[i + 1] & 0xFF) << 8) : 2;
        }
        for (int text : new int[]{NAME, COMMENT}) {
            if ((flags & text) != 0) {
                while (i < all.length && all[i] != 0) {
                    i++;
                }
                i++;
            }
        }
        i += (flags & HEADER_CHECKSUM) != 0 ? 2 : 0;
        return i < all.length ? i : -1;
    }
}
