package radedit.imaging.raster;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.tukaani.xz.XZInputStream;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import org.jspecify.annotations.Nullable;

/** TIFF compressions that decode to bytes. */
enum TiffCompression {
    NONE(1, 1) {
        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            if (in.length < out.length) {
                throw new EOFException(EARLY);
            }
            System.arraycopy(in, 0, out, 0, out.length);
        }
    },
    LZW(5, 4096) {
        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            TiffLzw.decode(in, out);
        }
    },
    DEFLATE(8, 1032) {
        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            Inflater inflater = new Inflater();
            try {
                inflater.setInput(in);
                int at = 0;
                while (at < out.length) {
                    int n = inflater.inflate(out, at, out.length - at);
                    if (n == 0 && (inflater.finished() || inflater.needsInput() || inflater.needsDictionary())) {
                        throw new EOFException(EARLY);
                    }
                    at += n;
                }
            } catch (DataFormatException e) {
                throw new IOException("its compressed data are damaged: " + e.getMessage(), e);
            } finally {
                inflater.end();
            }
        }
    },
    PACK_BITS(32773, 64) {
        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            int from = 0;
            int at = 0;
            while (at < out.length) {
                int n = from < in.length ? in[from++] : -129;
                if (n == -128) {
                    continue;
                }
                int count = Math.min(out.length - at, 1 + Math.abs(n));
                if (n < -128 || from + (n < 0 ? 1 : count) > in.length) {
                    throw new EOFException(EARLY);
                }
                if (n < 0) {
                    java.util.Arrays.fill(out, at, at + count, in[from++]);
                } else {
                    System.arraycopy(in, from, out, at, count);
                    from += count;
                }
                at += count;
            }
        }
    },
    LZMA(34925, 8192) {
        // Dictionary size in KiB of the strongest preset.
        private static final int MOST_MEMORY = 70 << 10;

        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            try (XZInputStream xz = new XZInputStream(new ByteArrayInputStream(in), MOST_MEMORY)) {
                if (xz.readNBytes(out, 0, out.length) < out.length) {
                    throw new EOFException(EARLY);
                }
            }
        }
    },
    /** A block of 128 kB of the same byte takes 4. */
    ZSTD(50000, 1 << 15) {
        @Override
        void decode(byte[] in, byte[] out) throws IOException {
            try {
                if (new ZstdDecompressor().decompress(in, 0, in.length, out, 0, out.length) < out.length) {
                    throw new EOFException(EARLY);
                }
            } catch (MalformedInputException | IllegalArgumentException e) {
                throw new IOException("its compressed data are damaged: " + e.getMessage(), e);
            }
        }
    };

    private static final String EARLY = "its compressed data end too early";
    private static final int OLD_DEFLATE = 32946;
    /** Names of unsupported compressions. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(Map.entry(34712, "JPEG 2000"),
            Map.entry(33003, "JPEG 2000"), Map.entry(33005, "JPEG 2000"), Map.entry(34887, "LERC"),
            Map.entry(50001, "WebP"), Map.entry(34927, "WebP"), Map.entry(50002, "JPEG XL"),
            Map.entry(52546, "JPEG XL"), Map.entry(34892, "lossy JPEG of DNG"), Map.entry(32809, "ThunderScan"),
            Map.entry(32766, "NeXT"), Map.entry(34676, "SGILog"), Map.entry(34677, "SGILog"),
            Map.entry(32909, "PixarLog"), Map.entry(32908, "PixarFilm"), Map.entry(34661, "JBIG"),
            Map.entry(34933, "PNG"), Map.entry(34934, "JPEG XR"), Map.entry(22610, "JPEG XR"));

    private final int code;
    private final int expansion;

    TiffCompression(int code, int expansion) {
        this.code = code;
        this.expansion = expansion;
    }

    /** The compression of a value of the field Compression; null if unsupported. */
    static @Nullable TiffCompression of(int number) {
        for (TiffCompression c : values()) {
            if (c.code == (number == OLD_DEFLATE ? DEFLATE.code : number)) {
                return c;
            }
        }
        return null;
    }

    /** The exception that names an unsupported compression. */
    static NotReadException refused(int number) {
        String name = OTHERS.get(number);
        return new NotReadException("has " + (name == null ? "compression " + number : name + " compression")
                + ", which is not supported in TIFF; save it with another, such as LZW or Deflate (tiffcp -c lzw)");
    }

    /** Most bytes that one byte can decode to. */
    int expansion() {
        return expansion;
    }

    /**
     * Fills an array with decoded data; excess data are dropped.
     *
     * @throws IOException
     *            if the data are damaged or too short
     */
    abstract void decode(byte[] in, byte[] out) throws IOException;
}
