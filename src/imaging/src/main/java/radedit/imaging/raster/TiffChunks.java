package radedit.imaging.raster;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

import radedit.imaging.codec.CodecException;
import radedit.imaging.codec.Ycc;

/** The strips or tiles of a page, one after another, as bytes or as samples, decompressed. */
final class TiffChunks {
    static final int JPEG = 7;
    /** A block of 64 samples takes two bits at least. */
    private static final int JPEG_EXPANSION = 64 * 4 * 16;
    private static final long LARGEST = 1L << 30;
    /** How often the bytes of a file may be used; writers let equal tiles share theirs. */
    private static final int MOST_SHARED = 16;
    /** Pixels that a tile may have though its page has fewer. */
    private static final long LARGEST_MARGIN = 1L << 22;

    private final TiffInput in;
    private final TiffPage page;
    private final TiffCompression compression;
    private final Set<String> warnings = new LinkedHashSet<>();
    private byte[] reused;

    /**
     * Checks where the chunks of a page lie, before anything is allocated for them.
     *
     * @throws IOException
     *             if they are missing or too short for the page, or compressed in a way that is not read
     */
    TiffChunks(TiffInput in, TiffPage page) throws IOException {
        this.in = in;
        this.page = page;
        this.compression = TiffCompression.of(page.compression());
        if (compression == null && page.compression() != JPEG) {
            throw TiffCompression.refused(page.compression());
        }
        String what = page.tiled() ? "tile" : "strip";
        if (page.offsets() == null || page.offsets().length < page.chunks()) {
            throw new CodecException("it has " + (page.offsets() == null ? 0 : page.offsets().length) + " of "
                    + page.chunks() + " " + what + "s");
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
            if (page.offsets()[i] < 0 || page.offsets()[i] > in.length() - count || count < 1
                    || needed > (count + 16) * expansion) {
                throw new CodecException(what + " " + (i + 1) + " of " + page.chunks() + " ends too early");
            }
            all += count;
            if (all / MOST_SHARED > in.length()) {
                throw new CodecException("its " + what + "s overlap");
            }
        }
    }

    /** Compressed bytes of a chunk; what is not said follows from its size. */
    private long count(int index) {
        long[] counts = page.counts();
        boolean said = counts != null && index < counts.length && (counts[index] > 0 || isCompressed());
        if (said) {
            return Math.max(0, counts[index]);
        }
        long rest = Math.max(0, in.length() - page.offsets()[index]);
        return !isCompressed()
                ? page.rowBytes() * page.rowsOf(index / page.chunksAcross() % page.chunksDown())
                : rest;
    }

    private boolean isCompressed() {
        return compression != TiffCompression.NONE;
    }

    /** Whether a chunk's samples come as numbers. */
    boolean isJpeg() {
        return compression == null;
    }

    private byte[] stored(int index) throws IOException {
        byte[] b = new byte[(int) Math.min(Integer.MAX_VALUE - 8, count(index))];
        in.at(page.offsets()[index], b.length).get(b);
        if (page.bitsReversed() && !isJpeg()) {
            for (int i = 0; i < b.length; i++) {
                b[i] = (byte) (Integer.reverse(b[i]) >>> 24);
            }
        }
        return b;
    }

    /**
     * The bytes of a chunk's rows, in an array that the next call fills again.
     *
     * @param rows
     *            that it holds
     */
    byte[] bytes(int index, int rows) throws IOException {
        int size = (int) (page.rowBytes() * rows);
        if (reused == null || reused.length != size) {
            reused = new byte[size];
        }
        compression.decode(stored(index), reused);
        if (compression != TiffCompression.NONE && compression != TiffCompression.PACK_BITS) {
            TiffPredictor.undo(page, reused, (int) page.rowBytes());
        }
        return reused;
    }

    /** A chunk of JPEG. */
    record JpegChunk(int width, int height, int[] samples) {}

    /** The samples of a chunk that is a JPEG stream; YCbCr is made RGB. */
    JpegChunk jpeg(int index) throws IOException {
        byte[] stream = stored(index);
        byte[] tables = page.jpegTables();
        if (tables != null && tables.length > 4 && stream.length > 2) {
            // Both begin with a marker of their own (SOI), and the tables end with one (EOI).
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

    /** Damage that does not reach the samples. */
    Set<String> warnings() {
        return warnings;
    }
}
