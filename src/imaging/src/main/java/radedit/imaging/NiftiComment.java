package radedit.imaging;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads the comment that {@link NiftiWriter} writes into a NIfTI-1 file: its first header extension with code 6. */
public final class NiftiComment {
    private static final int HEADER = 352;
    private static final int FIRST_VOXEL = 108;
    private static final int COMMENT = 6;
    /** Limit for a header with its extensions; the settings of a picture take some kB. */
    private static final int LONGEST = 1 << 24;

    private NiftiComment() {
    }

    /**
     * Reads the comment.
     *
     * @param file
     *            a NIfTI-1 file, plain or gzipped
     * @return the comment; empty if the file has none or is not NIfTI-1
     * @throws ImageFormatException
     *            if the file is damaged
     * @throws IOException
     *            if the file cannot be read
     */
    public static Optional<String> read(Path file) throws IOException {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
            raw.mark(2);
            boolean zipped = raw.read() == 0x1F && raw.read() == 0x8B;
            raw.reset();
            try (InputStream in = zipped ? new GZIPInputStream(raw) : raw) {
                byte[] start = in.readNBytes(HEADER);
                if (start.length < HEADER || start[344] != 'n' || start[345] != '+' || start[346] != '1') {
                    return Optional.empty();
                }
                ByteBuffer header = ByteBuffer.wrap(start);
                header.order(header.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == 348
                        ? ByteOrder.LITTLE_ENDIAN
                        : ByteOrder.BIG_ENDIAN);
                long length = (long) header.getFloat(FIRST_VOXEL) - HEADER;
                if (start[348] == 0 || !(length > 8 && length < LONGEST)) {
                    return Optional.empty();
                }
                return comment(ByteBuffer.wrap(in.readNBytes((int) length)).order(header.order()));
            }
        } catch (EOFException | ZipException e) {
            throw new ImageFormatException(file, "damaged NIfTI file (" + e.getMessage() + ")", e);
        }
    }

    private static Optional<String> comment(ByteBuffer extensions) {
        int at = 0;
        while (at + 8 <= extensions.limit()) {
            int size = extensions.getInt(at);
            if (size < 8 || size > extensions.limit() - at) {
                break;
            }
            if (extensions.getInt(at + 4) == COMMENT) {
                byte[] text = new byte[size - 8];
                extensions.get(at + 8, text);
                return Optional.of(new String(text, StandardCharsets.UTF_8).replaceAll("\0+$", ""));
            }
            at += size;
        }
        return Optional.empty();
    }
}
