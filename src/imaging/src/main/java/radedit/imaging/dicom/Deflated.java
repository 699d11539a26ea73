package radedit.imaging.dicom;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import radedit.imaging.ImageFormatException;

/**
 * Inflates deflated data sets (PS3.5 A.5): raw deflate (RFC 1951) after the file meta information; some writers use a
 * zlib stream (RFC 1950) instead.
 */
final class Deflated {
    /** Inflated size that is accepted whatever the file's size, so that a black film can be read. */
    private static final long ALWAYS_ALLOWED = 1L << 26;
    /** Beyond that, the largest ratio to the file's size; films typically deflate to a third. */
    private static final int MAX_EXPANSION = 50;
    private static final long MAX_SIZE = 1L << 30;

    private Deflated() {
    }

    /**
     * Inflates a data set.
     *
     * @throws ImageFormatException
     *             if it is damaged, truncated or absurdly large
     */
    static MemorySegment inflate(Path file, MemorySegment deflated) throws ImageFormatException {
        long most = Math.min(MAX_SIZE, Math.max(ALWAYS_ALLOWED, MAX_EXPANSION * deflated.byteSize()));
        if (deflated.byteSize() > MAX_SIZE) {
            throw new ImageFormatException(file, "deflated data set is too large");
        }
        ByteBuffer in = deflated.asByteBuffer();
        byte[] out = new byte[(int) Math.min(most, Math.max(1 << 10, 4 * deflated.byteSize()))];
        int size = 0;
        try (Inflater inflater = new Inflater(!isZlib(in))) {
            inflater.setInput(in);
            while (!inflater.finished()) {
                if (size == out.length) {
                    if (size >= most) {
                        throw new ImageFormatException(file,
                                "deflated data set grows beyond " + (most >> 20) + " MB and is not read");
                    }
                    out = Arrays.copyOf(out, (int) Math.min(most, 2L * size));
                }
                int n = inflater.inflate(out, size, out.length - size);
                size += n;
                if (n == 0 && !inflater.finished() && (inflater.needsInput() || inflater.needsDictionary())) {
                    throw new ImageFormatException(file, "truncated: its deflated data set has no end");
                }
            }
        } catch (DataFormatException e) {
            throw new ImageFormatException(file, "damaged deflated data set (" + e.getMessage() + ")", e);
        }
        return MemorySegment.ofArray(out).asSlice(0, size);
    }

    /** Whether data begin with a zlib header, with which no encoder begins raw deflate. */
    private static boolean isZlib(ByteBuffer in) {
        return in.remaining() > 2 && in.get(0) == 0x78 && ((in.get(0) & 0xFF) << 8 | in.get(1) & 0xFF) % 31 == 0;
    }
}
