package radedit.imaging;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * The checksums of a PNG file's critical chunks (PNG specification 5.3, 5.4), which the JDK's decoder does not look at.
 * Others, such as texts, may be damaged without harm to the picture.
 */
final class PngChunks {
    private static final int SIGNATURE = 8;
    private static final int END = 0x49454E44; // IEND

    private PngChunks() {
    }

    /**
     * Reads all chunks.
     *
     * @throws ImageFormatException
     *             if a critical chunk's checksum is wrong, or the file ends before its last chunk
     */
    static void check(Path file) throws IOException {
        byte[] buffer = new byte[1 << 13];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            in.skipNBytes(SIGNATURE);
            int type = 0;
            while (type != END) {
                long left = in.readInt() & 0xFFFFFFFFL;
                type = in.readInt();
                CRC32 crc = new CRC32();
                crc.update(ByteBuffer.allocate(4).putInt(type).array());
                while (left > 0) {
                    int n = (int) Math.min(left, buffer.length);
                    in.readFully(buffer, 0, n);
                    crc.update(buffer, 0, n);
                    left -= n;
                }
                boolean critical = (type & 0x20000000) == 0;
                if (in.readInt() != (int) crc.getValue() && critical) {
                    throw new ImageFormatException(file, "damaged picture (a checksum is wrong)");
                }
            }
        } catch (EOFException e) {
            throw new ImageFormatException(file, "damaged picture (it ends too early)", e);
        }
    }
}
