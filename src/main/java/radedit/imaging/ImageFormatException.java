package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;

/** A film or mask cannot be read; the message names the file and the fault. */
public class ImageFormatException extends IOException {
    private static final long serialVersionUID = 1;

    public ImageFormatException(Path file, String fault) {
        super(file + ": " + fault);
    }

    /** The same for what is no file: a box, a run-length string. */
    public ImageFormatException(String source, String fault) {
        super(source + ": " + fault);
    }

    ImageFormatException(ImageFormatException fault) {
        super(fault.getMessage(), fault);
    }

    public ImageFormatException(Path file, String fault, Throwable cause) {
        super(file + ": " + fault, cause);
    }
}
