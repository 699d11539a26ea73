package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;
import radedit.imaging.codec.CodecException;

/**
 * The storage of a page's samples (TIFF 6.0, sections 3 to 15; Adobe's Technical Notes 1 and 3 on predictors).
 *
 * @param bits
 *            bits per sample
 * @param format
 *            one of the constants
 * @param samples
 *            samples per pixel, including those that are not colours
 * @param planar
 *            whether each sample has chunks of its own
 * @param chunkWidth
 *            width of a tile; of a strip, the page's
 * @param alpha
 *            index of the alpha sample; -1 if there is none
 * @param premultiplied
 *            whether colours are multiplied by alpha
 * @param offsets
 *            position of each chunk; null if the file does not have them
 * @param counts
 *            compressed bytes of each chunk; null if the file does not say
 * @param colourMap
 *            red, green and blue of 2^bits colours each; null if there is none
 * @param jpegTables
 *            null if there are none
 */
record TiffPage(int width, int height, int bits, int format, int samples, int photometric, int compression,
        int predictor, boolean planar, boolean tiled, boolean bitsReversed, int chunkWidth, int chunkHeight,
        long @Nullable [] offsets, long @Nullable [] counts, int alpha, boolean premultiplied,
        long @Nullable [] colourMap, byte @Nullable [] jpegTables, int orientation, ByteOrder order) {
    static final int UNSIGNED = 1;
    static final int SIGNED = 2;
    static final int REAL = 3;

    static final int WHITE_IS_ZERO = 0;
    static final int BLACK_IS_ZERO = 1;
    static final int RGB = 2;
    static final int PALETTE = 3;
    static final int MASK = 4;
    static final int CMYK = 5;
    static final int YCBCR = 6;

    private static final int ASSOCIATED = 1;
    private static final int UNASSOCIATED = 2;
    private static final int INK_SET_CMYK = 1;
    private static final int MOST_SAMPLES = 64;

    /**
     * Reads the fields of a page.
     *
     * @throws IOException
     *            if they are damaged or describe an unsupported page
     */
    static TiffPage of(TiffDirectory d, ByteOrder order) throws IOException {
        int width = positive(d, TiffTag.IMAGE_WIDTH, "width");
        int height = positive(d, TiffTag.IMAGE_LENGTH, "height");
        int samples = small(d, TiffTag.SAMPLES_PER_PIXEL, 1);
        if (samples < 1 || samples > MOST_SAMPLES) {
            throw new CodecException("it has " + samples + " samples a pixel");
        }
        int bits = same(d, TiffTag.BITS_PER_SAMPLE, 1, samples, "BitsPerSample");
        int format = same(d, TiffTag.SAMPLE_FORMAT, UNSIGNED, samples, "SampleFormat");
        int compression = small(d, TiffTag.COMPRESSION, 1);
        int photometric = small(d, TiffTag.PHOTOMETRIC_INTERPRETATION, samples >= 3 ? RGB : BLACK_IS_ZERO);
        boolean tiled = d.has(TiffTag.TILE_WIDTH);
        int chunkWidth = tiled ? positive(d, TiffTag.TILE_WIDTH, "tile width") : width;
        int rows = tiled
                ? positive(d, TiffTag.TILE_LENGTH, "tile height")
                : Math.clamp(d.integer(TiffTag.ROWS_PER_STRIP, height), 1, height);
        int colours = colours(photometric);
        if (samples < colours) {
            throw new CodecException("it has " + samples + " samples a pixel, its colours need " + colours);
        }
        if (photometric == CMYK && small(d, TiffTag.INK_SET, INK_SET_CMYK) != INK_SET_CMYK) {
            throw new NotReadException("has inks other than CMYK, which are not supported; save it as grey or RGB");
        }
        long[] extra = d.integers(TiffTag.EXTRA_SAMPLES);
        int alpha = -1;
        boolean premultiplied = false;
        for (int i = 0; extra != null && i < extra.length && colours + i < samples && alpha < 0; i++) {
            if (extra[i] == ASSOCIATED || extra[i] == UNASSOCIATED) {
                alpha = colours + i;
                premultiplied = extra[i] == ASSOCIATED;
            }
        }
        return new TiffPage(width, height, bits, format == 4 ? UNSIGNED : format, samples, photometric, compression,
                small(d, TiffTag.PREDICTOR, 1), samples > 1 && small(d, TiffTag.PLANAR_CONFIGURATION, 1) == 2, tiled,
                small(d, TiffTag.FILL_ORDER, 1) == 2, chunkWidth, rows,
                d.integers(tiled && d.has(TiffTag.TILE_OFFSETS) ? TiffTag.TILE_OFFSETS : TiffTag.STRIP_OFFSETS),
                d.integers(tiled && d.has(TiffTag.TILE_BYTE_COUNTS)
                        ? TiffTag.TILE_BYTE_COUNTS
                        : TiffTag.STRIP_BYTE_COUNTS),
                alpha, premultiplied, d.integers(TiffTag.COLOR_MAP),
                d.bytes(TiffTag.JPEG_TABLES), Orientation.of(d), order);
    }

    private static int positive(TiffDirectory d, int tag, String what) throws IOException {
        long n = d.integer(tag, 0);
        if (n < 1 || n > Integer.MAX_VALUE) {
            throw new CodecException("its " + what + " is " + (d.has(tag) ? n : "missing"));
        }
        return (int) n;
    }

    private static int small(TiffDirectory d, int tag, int otherwise) throws IOException {
        return Math.clamp(d.integer(tag, otherwise), -1, 1 << 16);
    }

    /** A field with one value per sample, all of them equal. */
    private static int same(TiffDirectory d, int tag, int otherwise, int samples, String what) throws IOException {
        long[] all = d.integers(tag);
        if (all == null) {
            return otherwise;
        }
        for (int i = 1; i < Math.min(samples, all.length); i++) {
            if (all[i] != all[0]) {
                throw new NotReadException(
                        "has samples that differ in " + what + ", which are not supported; save it as grey or RGB");
            }
        }
        return Math.clamp(all[0], 0, 1 << 16);
    }

    private static int colours(int photometric) {
        return switch (photometric) {
            case RGB, YCBCR -> 3;
            case CMYK -> 4;
            default -> 1;
        };
    }

    /** Samples of a pixel that are colours or grey. */
    int colours() {
        return colours(photometric);
    }

    /** Samples of a pixel that are interleaved in a chunk. */
    int chunkSamples() {
        return planar ? 1 : samples;
    }

    int chunksAcross() {
        return Math.ceilDiv(width, chunkWidth);
    }

    int chunksDown() {
        return Math.ceilDiv(height, chunkHeight);
    }

    /** Number of chunks. */
    long chunks() {
        return (long) chunksAcross() * chunksDown() * (planar ? samples : 1);
    }

    /** Bytes of a row of a decoded chunk. */
    long rowBytes() {
        return ((long) chunkWidth * chunkSamples() * bits + 7) / 8;
    }

    /** Rows in a chunk: of a strip, those within the page; of a tile, always all. */
    int rowsOf(int down) {
        return tiled ? chunkHeight : Math.min(chunkHeight, height - down * chunkHeight);
    }
}
