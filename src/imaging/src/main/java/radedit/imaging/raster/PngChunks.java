package radedit.imaging.raster;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.zip.CRC32;

import radedit.imaging.ImageFormatException;

/**
 * Reads the chunks of a PNG file (PNG specification 5.3, 5.4) and checks their checksums, which the JDK's decoder
 * ignores. Chunks that the picture does not need, such as texts, may be damaged.
 */
final class PngChunks {
    private static final int SIGNATURE = 8;
    private static final int IDAT = 0x49444154;
    private static final int PLTE = 0x504C5445;
    private static final int IEND = 0x49454E44;
    private static final int ANCILLARY = 0x20000000;
    private static final int MOST_WARNINGS = 5;

    private final Path file;
    private final PngMetadata metadata = new PngMetadata();
    private final Set<String> warnings = new LinkedHashSet<>();
    private final byte[] buffer = new byte[1 << 13];
    private boolean data;
    private long colours;
    private int type;

    private PngChunks(Path file) {
        this.file = file;
    }

    /**
     * Reads all chunks.
     *
     * @throws ImageFormatException
     *             if a critical chunk's checksum is wrong, or the file ends within a chunk or before the picture's data
     */
    static PngChunks read(Path file) throws IOException {
        PngChunks chunks = new PngChunks(file);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            in.skipNBytes(SIGNATURE);
            chunks.read(in);
        } catch (EOFException e) {
            if (chunks.type == IDAT || !chunks.data) {
                throw new ImageFormatException(file, "damaged picture (it ends too early)", e);
            }
            chunks.warn("it ends within a chunk after its picture; the picture is complete");
        }
        return chunks;
    }

    private void read(DataInputStream in) throws IOException {
        while (type != IEND) {
            int first = in.read();
            if (first < 0 && data) {
                warn("it ends without its last chunk (IEND); the picture is complete");
                return;
            }
            if (first < 0) {
                throw new EOFException();
            }
            type = 0; // unknown if the file ends here
            long length = (long) first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            type = in.readInt();
            chunk(in, length);
        }
        if (in.read() >= 0) {
            warn("bytes follow its last chunk (IEND); they are not read");
        }
    }

    private void chunk(DataInputStream in, long length) throws IOException {
        ByteArrayOutputStream content = PngMetadata.wants(type, length) ? new ByteArrayOutputStream() : null;
        CRC32 crc = new CRC32();
        crc.update(ByteBuffer.allocate(4).putInt(type).array());
        for (long left = length; left > 0;) {
            int n = (int) Math.min(left, buffer.length);
            in.readFully(buffer, 0, n);
            crc.update(buffer, 0, n);
            if (content != null) {
                content.write(buffer, 0, n);
            }
            left -= n;
        }
        boolean right = in.readInt() == (int) crc.getValue();
        data |= type == IDAT;
        colours = type == PLTE ? length / 3 : colours;
        if (!right && (type & ANCILLARY) == 0 && type != IEND) {
            throw new ImageFormatException(file, "damaged picture (a checksum is wrong)");
        }
        if (!right) {
            warn("the checksum of its chunk " + name() + " is wrong"
                    + (content == null ? "" : "; that chunk is ignored"));
        } else if (content != null) {
            metadata.take(type, content.toByteArray());
        }
    }

    /** Warns of pixels without a palette entry, which the decoder shows in the last colour. */
    void checkPalette(int[] indices) {
        int highest = Arrays.stream(indices).max().orElse(0);
        if (highest >= colours) {
            warn("it uses colour " + highest + " of a palette that has " + colours
                    + ", counted from 0; such pixels have"
                    + " its last, in other programs black");
        }
    }

    private void warn(String warning) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(warning);
        }
    }

    private String name() {
        return new String(ByteBuffer.allocate(4).putInt(type).array(), StandardCharsets.ISO_8859_1)
                .replaceAll("[^A-Za-z]", "?");
    }

    PngMetadata metadata() {
        return metadata;
    }

    /** Damage that does not affect the picture, and other remarks. */
    Set<String> warnings() {
        if (metadata.pictures() > 1) {
            warn("it is an animation of " + metadata.pictures() + " pictures; the first is read");
        }
        return warnings;
    }
}
