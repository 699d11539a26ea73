package radedit.imaging.raster;

import java.io.IOException;
import java.nio.file.Path;

import radedit.imaging.ImageFormatException;
import radedit.imaging.FileChecks;
import radedit.imaging.codec.CodecException;

/** A picture is intact but of an unsupported kind; the message is a predicate without its subject. */
final class NotReadException extends IOException {
    private static final long serialVersionUID = 1;

    private final String what;

    /**
     * Creates an exception.
     *
     * @param what
     *            what the file has or is, and how to convert it
     */
    NotReadException(String what) {
        super(what);
        this.what = what;
    }

    /** Converts a decoder's exception: damage, unless the kind of picture is unsupported. */
    static ImageFormatException fault(Path file, Exception e) {
        if (e instanceof ImageFormatException own) {
            return own;
        }
        if (e instanceof NotReadException kind) {
            return new ImageFormatException(file, kind.what, e);
        }
        String why = e.getMessage();
        if (e instanceof CodecException && why != null && why.contains("not supported")) {
            return new ImageFormatException(file, "is not read: " + why + "; save it as PNG or TIFF", e);
        }
        return FileChecks.damaged(file, e);
    }
}
