package radedit.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import radedit.safetensors.FormatException;

/** Unzips a file of gzip pieces one after the other; after damage it goes on with the next piece that can be read. */
final class PieceReader {
    /** Bytes read from a piece at a time. */
    private static final int BUFFER = 512;

    private final Path file;
    private final byte[] all;
    private final long most;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();

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
        int at = 0;
        while (at < all.length) {
            int read = unzip(at);
            if (read < all.length) {
                int next = nextPiece(Math.max(at + 1, read));
                damage.add("bytes " + read + " to " + (next - 1) + " cannot be read");
                text.write('\n');
                read = next;
            }
            at = read;
        }
        return text.toByteArray();
    }

    /** The index of the next gzip header. */
    private int nextPiece(int from) {
        for (int i = from; i + 3 < all.length; i++) {
            if (all[i] == 0x1f && (all[i + 1] & 0xFF) == 0x8b && all[i + 2] == 8 && all[i + 3] == 0) {
                return i;
            }
        }
        return all.length;
    }

    /** Unzips pieces to the end or to damage, and returns about how far it came. */
    private int unzip(int from) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(all, from, all.length - from);
        try (GZIPInputStream zip = new GZIPInputStream(in, BUFFER)) {
            byte[] some = new byte[1 << 16];
            for (int n = zip.read(some); n >= 0; n = zip.read(some)) {
                text.write(some, 0, n);
                if (text.size() > most) {
                    throw new FormatException(file, "holds more than " + (most >> 20) + " MB of text");
                }
            }
            return all.length;
        } catch (EOFException e) {
            return all.length - 1;
        } catch (ZipException e) {
            return Math.max(from + 1, all.length - in.available() - BUFFER);
        }
    }
}
