package radedit.imaging;

import java.io.EOFException;
import java.nio.file.Path;

import javax.imageio.IIOException;

/** What readers of pictures have in common: bounds of what a file may claim, and what is said of a damaged one. */
public final class Rasters {
    public static final long MAX_PIXELS = 1L << 27;
    /** Deflate shrinks to 1/1032 at best; a JPEG block of 64 pixels takes at least some bits. */
    private static final long MAX_EXPANSION = 1100;

    /**
     * Pixels that a picture may have however short its file is: an empty mask of a large film, of which fax codes and wavelets
     * say a row or more with a bit.
     */
    public static final long ALWAYS_ALLOWED = 1L << 25;

    /** A film's fact: what of its file is not in its stored values. */
    public static final String LOST = "not_kept";

    private Rasters() {
    }

    /** What a decoder threw, which is whatever a damaged file leads it into, as a fault of the file. */
    public static ImageFormatException damaged(Path file, Exception e) {
        Throwable cause = e instanceof IIOException && e.getCause() != null ? e.getCause() : e;
        String why = cause.getMessage();
        if (why == null) {
            why = cause instanceof EOFException ? "it ends too early" : cause.getClass().getSimpleName();
        }
        return new ImageFormatException(file, "damaged picture (" + why + ")", e);
    }

    /** Refuses a size that a file of this length cannot hold. */
    public static void checkSize(Path file, long width, long height, long length) throws ImageFormatException {
        checkSize(file, width, height, length, MAX_EXPANSION);
    }

    /**
     * The same for compressed data with a bound of their own.
     *
     * @param expansion
     *            bytes that one byte of the file can become
     */
    public static void checkSize(Path file, long width, long height, long length, long expansion)
            throws ImageFormatException {
        if (width > MAX_PIXELS || height > MAX_PIXELS || width * height > MAX_PIXELS) {
            throw new ImageFormatException(file, "claims " + width + " x " + height + " pixels, more than the "
                    + MAX_PIXELS + " that are read; scale it down first");
        }
        if (width < 1 || height < 1 || width * height > Math.max(ALWAYS_ALLOWED, length * expansion * 8)) {
            throw new ImageFormatException(file,
                    "claims " + width + " x " + height + " pixels in " + length + " bytes");
        }
    }
}
