package radedit.imaging;

import java.io.EOFException;
import java.nio.file.Path;

import javax.imageio.IIOException;

/** Checks that readers share: bounds on the size that a file may claim, and the exception for a damaged one. */
public final class FileChecks {
    /** Most pixels that a frame may have. */
    public static final long MAX_PIXELS = 1L << 27;
    /** Deflate compresses to 1/1032 at best; JPEG needs some bits for a block of 64 pixels. */
    private static final long MAX_EXPANSION = 1100;

    /**
     * Number of pixels that is accepted however short the file is: fax codes and wavelets may store several rows of an
     * empty mask in one bit.
     */
    public static final long ALWAYS_ALLOWED = 1L << 25;

    /** Key of {@link FilmContent#facts} for content of the file that the stored values do not keep. */
    public static final String NOT_KEPT = "not_kept";

    private FileChecks() {
    }

    /**
     * {@return the exception for a damaged file}
     *
     * @param file
     *            the file
     * @param e
     *            any exception that a decoder threw
     */
    public static ImageFormatException damaged(Path file, Exception e) {
        Throwable cause = e instanceof IIOException && e.getCause() != null ? e.getCause() : e;
        String why = cause.getMessage();
        if (why == null) {
            why = cause instanceof EOFException ? "it ends too early" : cause.getClass().getSimpleName();
        }
        return new ImageFormatException(file, "damaged picture (" + why + ")", e);
    }

    /**
     * Refuses a size that a file of this length cannot hold.
     *
     * @param file
     *            the file, for the message
     * @param width
     *            claimed, in pixels
     * @param height
     *            claimed, in pixels
     * @param length
     *            of the compressed data in bytes
     * @throws ImageFormatException
     *            if the size is out of bounds
     */
    public static void checkSize(Path file, long width, long height, long length) throws ImageFormatException {
        checkSize(file, width, height, length, MAX_EXPANSION);
    }

    /**
     * Refuses a size that compressed data of this length cannot hold.
     *
     * @param file
     *            the file, for the message
     * @param width
     *            claimed, in pixels
     * @param height
     *            claimed, in pixels
     * @param length
     *            of the compressed data in bytes
     * @param expansion
     *            most bytes that one byte of the data can become
     * @throws ImageFormatException
     *            if the size is out of bounds
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
