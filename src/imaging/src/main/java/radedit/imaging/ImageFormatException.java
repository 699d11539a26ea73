package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;

import radedit.message.Explained;
import radedit.message.Message;

/** A film or mask cannot be read; the message names the file and the fault. */
public class ImageFormatException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public ImageFormatException(Path file, String fault) {
        this(file.toString(), Message.of(fault));
    }

    public ImageFormatException(Path file, Message fault) {
        this(file.toString(), fault);
    }

    /** The same for what is no file: a box, a run-length string. */
    public ImageFormatException(String source, String fault) {
        this(source, Message.of(fault));
    }

    public ImageFormatException(String source, Message fault) {
        super(source + ": " + fault);
        this.explanation = Message.of(source, ": ", fault);
    }

    ImageFormatException(ImageFormatException fault) {
        super(fault.getMessage(), fault);
        this.explanation = fault.explanation;
    }

    public ImageFormatException(Path file, String fault, Throwable cause) {
        super(file + ": " + fault, cause);
        this.explanation = Message.of(file, ": ", fault);
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
