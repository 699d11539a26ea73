package radedit.imaging.raster;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a TIFF structure: a file, or the Exif data of another. Classic TIFF has offsets of 4 bytes, BigTIFF of 8
 * (TIFF 6.0, section 2; bigtiff.org).
 */
final class TiffInput implements AutoCloseable {
    private static final int CLASSIC = 42;
    private static final int BIG = 43;

    private final @Nullable FileChannel channel;
    /** The structure if there is no channel. */
    private final byte[] bytes;
    private final long length;
    private final ByteOrder order;
    private final boolean big;
    private final long firstDirectory;

    private TiffInput(@Nullable FileChannel channel, byte[] bytes) throws IOException {
        this.channel = channel;
        this.bytes = bytes;
        this.length = channel == null ? bytes.length : channel.size();
        ByteBuffer mark = raw(0, 4);
        this.order = mark.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        int version = mark.order(order).getShort(2);
        if (mark.get(0) != mark.get(1) || mark.get(0) != 'I' && mark.get(0) != 'M'
                || version != CLASSIC && version != BIG) {
            throw new IOException("is not a TIFF structure");
        }
        this.big = version == BIG;
        if (big && at(4, 4).getShort() != Long.BYTES) {
            throw new IOException("BigTIFF with offsets of an unknown size");
        }
        this.firstDirectory = offset(big ? 8 : 4);
    }

    static TiffInput open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            return new TiffInput(channel, new byte[0]);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    static TiffInput of(byte[] bytes) throws IOException {
        return new TiffInput(null, bytes);
    }

    long length() {
        return length;
    }

    ByteOrder order() {
        return order;
    }

    /** Whether offsets have 8 bytes. */
    boolean isBig() {
        return big;
    }

    /** Offset of the first directory; 0 if there is none. */
    long firstDirectory() {
        return firstDirectory;
    }

    /** The offset stored at a position; negative if it is invalid. */
    long offset(long place) throws IOException {
        return big ? at(place, Long.BYTES).getLong() : at(place, Integer.BYTES).getInt() & 0xFFFFFFFFL;
    }

    /**
     * {@code count} bytes from an offset.
     *
     * @throws EOFException
     *            if the structure is shorter
     */
    ByteBuffer at(long place, long count) throws IOException {
        return raw(place, count).order(order);
    }

    private ByteBuffer raw(long place, long count) throws IOException {
        if (place < 0 || count < 0 || count > Integer.MAX_VALUE - 8 || place > length - count) {
            throw new EOFException("it ends too early");
        }
        if (channel == null) {
            return ByteBuffer.wrap(bytes, (int) place, (int) count).slice();
        }
        ByteBuffer b = ByteBuffer.allocate((int) count);
        while (b.hasRemaining()) {
            if (channel.read(b, place + b.position()) < 0) {
                throw new EOFException("it ends too early");
            }
        }
        return b.flip();
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
