package radedit.imaging.raster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import radedit.imaging.codec.CodecException;
import radedit.imaging.pixel.PixelArray;

/** Assembles the samples of a page's chunks: [height, width, samples]. */
final class TiffSamples {
    /** Integers up to this are exact in a double. */
    private static final long EXACT = 1L << 53;

    private final TiffPage page;
    private final TiffChunks chunks;
    private final int samples;
    /** Either this or {@link #reals} is used. */
    private int[] integers = new int[0];
    private double[] reals = new double[0];

    private TiffSamples(TiffPage page, TiffChunks chunks) {
        this.page = page;
        this.chunks = chunks;
        this.samples = page.samples();
    }

    /**
     * Decodes a page.
     *
     * @param page
     *            one that passes {@link #check}
     * @return integers if they fit 32 signed bits; else doubles
     */
    static PixelArray decode(TiffPage page, TiffChunks chunks) throws IOException {
        return new TiffSamples(page, chunks).decode();
    }

    /** Refuses unsupported samples. */
    static void check(TiffPage page) throws IOException {
        int bits = page.bits();
        boolean known = switch (page.format()) {
            case TiffPage.UNSIGNED -> bits >= 1 && bits <= 16 || bits == 32 || bits == 64;
            case TiffPage.SIGNED -> bits == 8 || bits == 16 || bits == 32 || bits == 64;
            case TiffPage.REAL -> bits == 16 || bits == 24 || bits == 32 || bits == 64;
            default -> false;
        };
        if (!known) {
            String kind = switch (page.format()) {
                case TiffPage.UNSIGNED -> "unsigned";
                case TiffPage.SIGNED -> "signed";
                case TiffPage.REAL -> "floating-point";
                case 5, 6 -> "complex";
                default -> "unknown";
            };
            throw new NotReadException("has samples of " + bits + " bits, " + kind
                    + ", which are not supported; save them with 8, 16 or 32 bits");
        }
        if (page.format() == TiffPage.REAL && page.compression() == TiffChunks.JPEG) {
            throw new NotReadException("has floating-point samples in JPEG, which holds whole numbers only; save it"
                    + " with another compression, such as LZW or Deflate (tiffcp -c lzw)");
        }
        TiffPredictor.check(page);
    }

    private PixelArray decode() throws IOException {
        boolean whole = page.format() != TiffPage.REAL && page.bits() <= 32;
        int size = Math.multiplyExact(Math.multiplyExact(page.width(), page.height()), samples);
        int across = page.chunksAcross();
        int down = page.chunksDown();
        for (int i = 0; i < page.chunks(); i++) {
            int y = i / across % down;
            int plane = i / (across * down);
            int x = i % across * page.chunkWidth();
            int width = Math.min(page.chunkWidth(), page.width() - x);
            int rows = Math.min(page.chunkHeight(), page.height() - y * page.chunkHeight());
            Object chunk = chunks.isJpeg() ? chunks.jpeg(i) : chunks.bytes(i, page.rowsOf(y));
            if (i == 0) {
                // Allocated only now, after the first chunk has decoded.
                integers = new int[whole ? size : 0];
                reals = new double[whole ? 0 : size];
            }
            for (int r = 0; r < rows; r++) {
                int at = ((y * page.chunkHeight() + r) * page.width() + x) * samples + plane;
                if (chunk instanceof TiffChunks.JpegChunk j) {
                    jpegRow(j, r, at, width);
                } else {
                    row((byte[]) chunk, r, at, width);
                }
            }
        }
        int h = page.height();
        int w = page.width();
        if (!whole) {
            return PixelArray.of(1, h, w, samples, reals);
        }
        return page.format() == TiffPage.UNSIGNED
                ? PixelArray.ofUnsigned(1, h, w, samples, integers)
                : PixelArray.of(1, h, w, samples, integers);
    }

    private void jpegRow(TiffChunks.JpegChunk j, int row, int at, int width) throws IOException {
        int n = page.chunkSamples();
        if (j.width() < width || j.height() <= row) {
            throw new CodecException("its JPEG data are of " + j.width() + " x " + j.height() + " pixels");
        }
        for (int i = 0; i < width * n; i++) {
            integers[at + i / n * samples + i % n] = j.samples()[row * j.width() * n + i];
        }
    }

    /** Writes a row of a chunk from index {@code at}. */
    private void row(byte[] chunk, int row, int at, int width) throws IOException {
        int n = page.chunkSamples();
        int from = (int) (row * page.rowBytes());
        int step = samples - n; // to the next pixel, past its interleaved samples
        switch (page.bits()) {
            case 8 -> {
                boolean signed = page.format() == TiffPage.SIGNED;
                for (int x = 0, to = at; x < width; x++, to += step) {
                    for (int s = 0; s < n; s++) {
                        int v = chunk[from++];
                        integers[to++] = signed ? v : v & 0xFF;
                    }
                }
            }
            case 16, 24, 32, 64 -> wide(chunk, from, at, width, n, step);
            default -> {
                long bit = 8L * from;
                for (int x = 0, to = at; x < width; x++, to += step) {
                    for (int s = 0; s < n; s++, bit += page.bits()) {
                        integers[to++] = bits(chunk, bit, page.bits());
                    }
                }
            }
        }
    }

    private void wide(byte[] chunk, int from, int at, int width, int n, int step) throws IOException {
        ByteBuffer b = ByteBuffer.wrap(chunk).order(TiffPredictor.order(page));
        int size = page.bits() / 8;
        boolean real = page.format() == TiffPage.REAL;
        boolean signed = page.format() == TiffPage.SIGNED;
        int in = from;
        for (int x = 0, to = at; x < width; x++, to += step) {
            for (int s = 0; s < n; s++, in += size, to++) {
                if (real) {
                    reals[to] = real(b, in, size);
                } else if (size == 2) {
                    integers[to] = signed ? b.getShort(in) : b.getShort(in) & 0xFFFF;
                } else if (size == 4) {
                    integers[to] = b.getInt(in);
                } else {
                    long v = b.getLong(in);
                    if (v > EXACT || v < (signed ? -EXACT : 0)) {
                        throw new NotReadException(
                                "has whole numbers beyond 2^53, which are not supported; save it with 32 bits or as floating-point numbers");
                    }
                    reals[to] = v;
                }
            }
        }
    }

    private static double real(ByteBuffer b, int at, int size) {
        return switch (size) {
            case 2 -> Float.float16ToFloat(b.getShort(at));
            case 4 -> b.getFloat(at);
            case 8 -> b.getDouble(at);
            // 1 bit of sign, 7 of exponent (bias 63), 16 of fraction
            default -> {
                boolean little = b.order() == ByteOrder.LITTLE_ENDIAN;
                int v = (b.get(at + (little ? 2 : 0)) & 0xFF) << 16 | (b.get(at + 1) & 0xFF) << 8
                        | b.get(at + (little ? 0 : 2)) & 0xFF;
                int exponent = v >> 16 & 0x7F;
                double fraction = (v & 0xFFFF) / 65536.0;
                double y = exponent == 0
                        ? Math.scalb(fraction, -62)
                        : exponent == 127
                                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                                : Math.scalb(1 + fraction, exponent - 63);
                yield v >> 23 == 0 ? y : -y;
            }
        };
    }

    /** A number of up to 16 bits, most significant bit first. */
    private static int bits(byte[] b, long bit, int count) {
        int at = (int) (bit >> 3);
        int three = (b[at] & 0xFF) << 16 | (at + 1 < b.length ? (b[at + 1] & 0xFF) << 8 : 0)
                | (at + 2 < b.length ? b[at + 2] & 0xFF : 0);
        return three >> 24 - (int) (bit & 7) - count & (1 << count) - 1;
    }
}
