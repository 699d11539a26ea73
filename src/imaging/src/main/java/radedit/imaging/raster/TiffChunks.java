package radedit.imaging.raster;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.Ycc;

/** Reads and decompresses the strips or tiles of a page, one at a time, as bytes or as samples. */
final class TiffChunks {
    static final int JPEG = 7;
    /** A block of 64 samples takes at least two bits. */
    private static final int JPEG_EXPANSION = 64 * 4 * 16;
    private static final long LARGEST = 1L << 30;
    /** Most uses of each byte of a file; writers let equal tiles share their data. */
    private static final int MOST_SHARED = 16;
    /** Pixels by which a tile may exceed its page. */
    private static final long LARGEST_MARGIN = 1L << 22;

    private final TiffInput in;
    private final TiffPage page;
    /** Null for JPEG, which has samples and no bytes. */
    private final @Nullable TiffCompression compression;
    private final long[] offsets;
    private final Set<String> warnings = new LinkedHashSet<>();
    private byte[] reused = new byte[0];

    /**
     * Checks the position of a page's chunks before anything is allocated.
     *
     * @throws IOException
     *            if chunks are missing, too short for the page, or of an unsupported compression
     */
    TiffChunks(TiffInput in, TiffPage page) throws IOException {
        this.in = in;
        this.page = page;
        this.compression = TiffCompression.of(page.compression());
        if (compression == null && page.compression() != JPEG) {
            throw TiffCompression.refused(page.compression());
        }
        String what = page.tiled() ? "tile" : "strip";
        long[] given = page.offsets();
        this.offsets = given == null ? new long[0] : given;
        if (offsets.length < page.chunks()) {
            throw new CodecException("it has " + offsets.length + " of " + page.chunks() + " " + what + "s");
        }
        long pixels = (long) page.chunkWidth() * page.chunkHeight();
        if (page.rowBytes() > LARGEST / page.chunkHeight()
                || pixels > Math.max(LARGEST_MARGIN, 4L * page.width() * page.height())) {
            throw new CodecException("its " + what + "s are too large: " + page.chunkWidth() + " x "
                    + page.chunkHeight() + " pixels");
        }
        long all = 0;
        long expansion = compression == null ? JPEG_EXPANSION : compression.expansion();
        for (int i = 0; i < page.chunks(); i++) {
            long needed = page.rowBytes() * page.rowsOf(i / page.chunksAcross() % page.chunksDown());
            long count = count(i);
            if (offsets[i] < 0 || offsets[i] > in.length() - count || count < 1
                    || needed > (count + 16) * expansion) {
                throw new CodecException(what + " " + (i + 1) + " of " + page.chunks() + " ends too early");
            }
            all += count;
            if (all / MOST_SHARED > in.length()) {
                throw new CodecException("its " + what + "s overlap");
            }
        }
    }

    /** Compressed bytes of a chunk; derived from its size if the file does not say. */
    private long count(int index) {
        long[] counts = page.counts();
        if (counts != null && index < counts.length && (counts[index] > 0 || isCompressed())) {
            return Math.max(0, counts[index]);
        }
        long rest = Math.max(0, in.length() - offsets[index]);
        return !isCompressed()
                ? page.rowBytes() * page.rowsOf(index / page.chunksAcross() % page.chunksDown())
                : rest;
    }

    private boolean isCompressed() {
        return compression != TiffCompression.NONE;
    }

    /** Whether chunks decode to samples rather than bytes. */
    boolean isJpeg() {
        return compression == null;
    }

    private byte[] stored(int index) throws IOException {
        byte[] b = new byte[(int) Math.min(Integer.MAX_VALUE - 8, count(index))];
        in.at(offsets[index], b.length).get(b);
        if (page.bitsReversed() && !isJpeg()) {
            for (int i = 0; i < b.length; i++) {
                b[i] = (byte) (Integer.reverse(b[i]) >>> 24);
            }
        }
        return b;
    }

    /**
     * The bytes of a chunk's rows, in an array that the next call reuses.
     *
     * @param rows
     *            number of rows in the chunk
     * @throws IllegalStateException
     *             if the page {@link #isJpeg}
     */
    byte[] bytes(int index, int rows) throws IOException {
        if (compression == null) {
            throw new IllegalStateException("JPEG");
        }
        int size = (int) (page.rowBytes() * rows);
        if (reused.length != size) {
            reused = new byte[size];
        }
        compression.decode(stored(index), reused);
        if (compression != TiffCompression.NONE && compression != TiffCompression.PACK_BITS) {
            TiffPredictor.undo(page, reused, (int) page.rowBytes());
        }
        return reused;
    }

    /** A decoded JPEG chunk. */
    record JpegChunk(int width, int height, int[] samples) {}

    /** The samples of a JPEG chunk; YCbCr is converted to RGB. */
    JpegChunk jpeg(int index) throws IOException {
        byte[] stream = stored(index);
        byte[] tables = page.jpegTables();
        if (tables != null && tables.length > 4 && stream.length > 2) {
            // Both begin with SOI, and the tables end with EOI.
            byte[] joined = new byte[tables.length - 2 + stream.length - 2];
            System.arraycopy(tables, 0, joined, 0, tables.length - 2);
            System.arraycopy(stream, 2, joined, tables.length - 2, stream.length - 2);
            stream = joined;
        }
        JpegHeader h = JpegHeader.read(stream);
        if (h.components() != page.chunkSamples() || h.precision() != page.bits()) {
            throw new CodecException("its JPEG data have " + h.components() + " samples of " + h.precision()
                    + " bits, its page " + page.chunkSamples() + " of " + page.bits());
        }
        if ((long) h.width() * h.height() > (long) page.chunkWidth() * page.chunkHeight() * 2 + 4096) {
            throw new CodecException("its JPEG data are of " + h.width() + " x " + h.height() + " pixels");
        }
        int[] samples = JpegPixels.decode(stream, h, warnings);
        if (page.photometric() == TiffPage.YCBCR && h.components() >= 3) {
            Ycc.toRgb(samples, 0, h.width() * h.height(), h.components(), h.precision());
        }
        return new JpegChunk(h.width(), h.height(), samples);
    }

    /** Damage that does not affect the samples. */
    Set<String> warnings() {
        return warnings;
    }
}
