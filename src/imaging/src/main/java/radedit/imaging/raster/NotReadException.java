package radedit.imaging.raster;

import java.io.IOException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.Rasters;
import radedit.imaging.codec.CodecException;

/** A picture is sound but of a kind that is not read; the message is a sentence without its subject. */
final class NotReadException extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * A kind of picture that is not read.
     *
     * @param what
     *            what the file has or is, and how to mend that
     */
    NotReadException(String what) {
        super(what);
    }

    /** What a decoder threw as a fault of the file: damage, unless it is of a kind that is not read. */
    static ImageFormatException fault(Path file, Exception e) {
        if (e instanceof ImageFormatException own) {
            return own;
        }
        if (e instanceof NotReadException) {
            return new ImageFormatException(file, e.getMessage(), e);
        }
        if (e instanceof CodecException && e.getMessage().contains("not supported")) {
            return new ImageFormatException(file, "is not read: " + e.getMessage() + "; save it as PNG or TIFF", e);
        }
        return Rasters.damaged(file, e);
    }
}
