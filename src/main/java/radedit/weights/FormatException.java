package radedit.weights;

import java.io.IOException;
import java.nio.file.Path;

/** A file is not what its format demands; the message names the file and the fault. */
public final class FormatException extends IOException {
    private static final long serialVersionUID = 1;

    private final String fault;

    public FormatException(Path file, String fault) {
        super(file + ": " + fault);
        this.fault = fault;
    }

    /** What is wrong, without the file's name. */
    public String fault() {
        return fault;
    }
}
