package radedit.imaging.raster;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import radedit.imaging.FilmReader;
import radedit.imaging.codec.CodecException;

/** The segments of a JPEG stream before its first scan (ITU-T T.81 B.2; T.871; T.872). */
final class JpegHeader {
    /** Markers of frame headers. */
    static final int BASELINE = 0xC0;
    static final int EXTENDED = 0xC1;
    static final int PROGRESSIVE = 0xC2;
    static final int LOSSLESS = 0xC3;
    static final int JPEG_LS = 0xF7;
    private static final int DHT = 0xC4;
    private static final int JPG = 0xC8;
    private static final int DAC = 0xCC;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int JFIF_LENGTH = 14;
    private static final int ADOBE_LENGTH = 12;
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] XMP = "http://ns.adobe.com/xap/1.0/\0".getBytes(StandardCharsets.ISO_8859_1);

    private final byte[] data;
    /** The stream up to the first scan, without segments that do not affect the samples. */
    private final ByteArrayOutputStream essential = new ByteArrayOutputStream();
    private int at;
    private int stray;
    private int scan;
    private int process;
    private int precision;
    private int width;
    private int height;
    private int[] ids = {};
    private int[] sampling = {};
    private boolean jfif;
    private int adobeTransform = -1;
    private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
    private boolean hasExif;
    private byte @Nullable [] xmp;

    private JpegHeader(byte[] data) {
        this.data = data;
    }

    /**
     * Reads the segments before the first scan.
     *
     * @param data
     *            from the SOI marker on
     * @throws CodecException
     *            if the stream ends before a scan, or has no frame header
     */
    static JpegHeader read(byte[] data) throws CodecException {
        JpegHeader h = new JpegHeader(data);
        h.read();
        return h;
    }

    /**
     * Finds the size in the first frame header, of a stream without stray bytes between segments.
     *
     * @param in
     *            from the SOI marker on
     * @return empty if there is none before the first scan
     * @throws IOException
     *             if the stream cannot be read, or ends too early
     */
    static Optional<FilmReader.Size> size(DataInputStream in) throws IOException {
        in.skipNBytes(2);
        while (in.readUnsignedByte() == 0xFF) {
            int marker = in.readUnsignedByte();
            while (marker == 0xFF) {
                marker = in.readUnsignedByte();
            }
            int length = marker == SOS || marker == EOI ? 0 : in.readUnsignedShort();
            if (length < 2) {
                return Optional.empty();
            }
            if (isFrame(marker)) {
                in.readUnsignedByte();
                int rows = in.readUnsignedShort();
                int columns = in.readUnsignedShort();
                return rows > 0 && columns > 0
                        ? Optional.of(new FilmReader.Size(columns, rows))
                        : Optional.empty();
            }
            in.skipNBytes(length - 2);
        }
        return Optional.empty();
    }

    private static boolean isFrame(int marker) {
        return marker >= BASELINE && marker <= 0xCF && marker != DHT && marker != JPG && marker != DAC
                || marker == JPEG_LS;
    }

    private void read() throws CodecException {
        if (data.length < 4 || (data[0] & 0xFF) != 0xFF || (data[1] & 0xFF) != SOI) {
            throw new CodecException("there is no JPEG stream");
        }
        essential.write(data, 0, 2);
        at = 2;
        while (true) {
            int marker = marker();
            if (marker == EOI) {
                throw new CodecException("it ends before its picture");
            }
            boolean alone = marker == 1 || marker >= 0xD0 && marker <= SOI;
            if (alone) {
                continue;
            }
            int length = at + 2 <= data.length ? u16(at) : 0;
            if (length < 2 || at + length > data.length) {
                throw new CodecException("it ends too early");
            }
            if (marker == SOS) {
                scan = at - 2;
                break;
            }
            segment(marker, at + 2, length - 2);
            if (marker < APP0 || marker > APP15 && marker != COMMENT) {
                essential.write(0xFF);
                essential.write(marker);
                essential.write(data, at, length);
            }
            at += length;
        }
        if (process == 0) {
            throw new CodecException("a scan begins before the frame");
        }
    }

    /** The next marker's code; bytes that are not a marker are skipped, as in libjpeg. */
    private int marker() throws CodecException {
        while (true) {
            while (at < data.length && data[at] != -1) {
                at++;
                stray++;
            }
            while (at < data.length && data[at] == -1) {
                at++;
            }
            if (at >= data.length) {
                throw new CodecException("it ends too early");
            }
            if (data[at] != 0) {
                return data[at++] & 0xFF;
            }
            stray += 2; // FF 00 is data
        }
    }

    private int u16(int place) {
        return (data[place] & 0xFF) << 8 | data[place + 1] & 0xFF;
    }

    private void segment(int marker, int from, int length) throws CodecException {
        switch (marker) {
            case APP0 -> jfif |= length >= JFIF_LENGTH && starts(from, length, "JFIF\0".getBytes(
                    StandardCharsets.ISO_8859_1));
            case APP14 -> {
                if (length >= ADOBE_LENGTH && starts(from, length, "Adobe".getBytes(StandardCharsets.ISO_8859_1))) {
                    adobeTransform = data[from + ADOBE_LENGTH - 1] & 0xFF;
                }
            }
            case APP1 -> {
                if (starts(from, length, EXIF)) {
                    // Long data continue in further segments.
                    exif.write(data, from + EXIF.length, length - EXIF.length);
                    hasExif = true;
                } else if (xmp == null && starts(from, length, XMP)) {
                    xmp = Arrays.copyOfRange(data, from + XMP.length, from + length);
                }
            }
            default -> {
                if (isFrame(marker)) {
                    frame(marker, from, length);
                }
            }
        }
    }

    private boolean starts(int from, int length, byte[] mark) {
        return length >= mark.length && Arrays.equals(data, from, from + mark.length, mark, 0, mark.length);
    }

    private void frame(int marker, int from, int length) throws CodecException {
        if (process != 0) {
            throw new CodecException("it has two frame headers");
        }
        int count = length < 6 ? 0 : data[from + 5] & 0xFF;
        if (length < 6 + 3 * count || count == 0) {
            throw new CodecException("its frame header is too short");
        }
        process = marker;
        precision = data[from] & 0xFF;
        height = u16(from + 1);
        width = u16(from + 3);
        ids = new int[count];
        sampling = new int[count];
        for (int c = 0; c < count; c++) {
            ids[c] = data[from + 6 + 3 * c] & 0xFF;
            sampling[c] = data[from + 7 + 3 * c] & 0xFF;
        }
        if (width == 0 || height == 0) {
            throw new CodecException("its frame header says " + width + " x " + height + " pixels");
        }
    }

    /** The marker of the frame header. */
    int process() {
        return process;
    }

    /** Bits per sample. */
    int precision() {
        return precision;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    int components() {
        return ids.length;
    }

    /** Whether the chroma components have half the rows of the first, and all of its columns. */
    boolean isHalvedDown() {
        return sampling.length == 3 && sampling[0] == 0x12 && sampling[1] == 0x11 && sampling[2] == 0x11;
    }

    /**
     * Whether the first three components are YCbCr, by libjpeg's rules (jdapimin.c): for three components, yes with a
     * JFIF marker, else by an Adobe marker, else by their names, of which only R, G, B mean no; lossless streams without
     * markers are RGB. For four components, only by an Adobe marker.
     */
    boolean isYcc() {
        return switch (ids.length) {
            case 3 -> {
                if (jfif || adobeTransform >= 0) {
                    yield jfif || adobeTransform != 0;
                }
                boolean rgb = ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B';
                yield !rgb && process != LOSSLESS && process != JPEG_LS;
            }
            case 4 -> adobeTransform > 0;
            default -> false;
        };
    }

    /** Number of bytes between segments that belong to none. */
    int stray() {
        return stray;
    }

    /**
     * Refuses a stream with missing scans, for instance one that was cut between two of them.
     *
     * @throws CodecException
     *            if no scan has some coefficients of a component, or some of their bits
     */
    void requireAllScans() throws CodecException {
        JpegScans.requireAll(data, scan, ids, process == PROGRESSIVE);
    }

    /** Whether an EOI marker follows the first scan. */
    boolean isEnded() {
        for (int i = data.length - 2; i > scan; i--) {
            if (data[i] == -1 && (data[i + 1] & 0xFF) == EOI) {
                return true;
            }
        }
        return false;
    }

    /** The stream, reduced to what its samples need. */
    byte[] essential() {
        byte[] head = essential.toByteArray();
        byte[] out = Arrays.copyOf(head, head.length + data.length - scan);
        System.arraycopy(data, scan, out, head.length, data.length - scan);
        return out;
    }

    /** Orientation, 1 to 8, see {@link Orientation}. */
    int orientation() {
        return Orientation.of(hasExif ? exif.toByteArray() : null, xmp);
    }
}
