package radedit.imaging;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads uncompressed text chunks of PNG files (tEXt, PNG specification 11.3.4.3). */
public final class PngText {
    private static final int SIGNATURE = 8;
    private static final int TEXT = 0x74455874; // tEXt
    private static final int END = 0x49454E44; // IEND

    private PngText() {
    }

    /**
     * Reads the text of the first chunk with a keyword.
     *
     * @param file
     *            a PNG file
     * @param keyword
     *            the chunk's keyword
     * @return empty if there is no such chunk
     * @throws ImageFormatException
     *            if the file ends before that
     * @throws IOException
     *            if the file cannot be read
     */
    public static Optional<String> read(Path file, String keyword) throws IOException {
        long left = Files.size(file) - SIGNATURE;
        byte[] start = (keyword + "\0").getBytes(StandardCharsets.ISO_8859_1);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
            in.skipNBytes(SIGNATURE);
            int type = 0;
            while (type != END && left > 0) {
                long length = in.readInt() & 0xFFFFFFFFL;
                type = in.readInt();
                left -= 12 + length;
                if (left < 0) {
                    throw new EOFException();
                }
                if (type == TEXT && length > start.length) {
                    byte[] data = in.readNBytes((int) Math.min(length, Integer.MAX_VALUE - 8));
                    if (java.util.Arrays.equals(data, 0, start.length, start, 0, start.length)) {
                        return Optional.of(new String(data, start.length, data.length - start.length,
                                StandardCharsets.ISO_8859_1));
                    }
                    in.skipNBytes(4);
                } else {
                    in.skipNBytes(length + 4);
                }
            }
            return Optional.empty();
        } catch (EOFException e) {
            throw new ImageFormatException(file, "damaged picture (it ends too early)", e);
        }
    }
}
