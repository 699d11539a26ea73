package radedit.imaging;

import java.io.IOException;
import java.nio.file.Path;

import radedit.message.Explained;
import radedit.message.Message;

/** A film or mask cannot be read; the message names the file and what is wrong with it. */
public class ImageFormatException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception about a file.
     *
     * @param file
     *            the file
     * @param fault
     *            a predicate, such as {@code has no pixels}
     */
    public ImageFormatException(Path file, String fault) {
        this(file.toString(), Message.of(fault));
    }

    /**
     * Creates an exception about a file whose message names settings.
     *
     * @param file
     *            the file
     * @param fault
     *            a predicate, such as {@code has no pixels}
     */
    public ImageFormatException(Path file, Message fault) {
        this(file.toString(), fault);
    }

    /**
     * Creates an exception about something that is not a file: a box, a run-length string.
     *
     * @param source
     *            what it is about
     * @param fault
     *            a predicate
     */
    public ImageFormatException(String source, String fault) {
        this(source, Message.of(fault));
    }

    /**
     * Creates an exception about something that is not a file, whose message names settings.
     *
     * @param source
     *            what it is about
     * @param fault
     *            a predicate
     */
    public ImageFormatException(String source, Message fault) {
        super(source + ": " + fault);
        this.explanation = Message.of(source, ": ", fault);
    }

    ImageFormatException(ImageFormatException fault) {
        super(fault.getMessage(), fault);
        this.explanation = fault.explanation;
    }

    /**
     * Creates an exception with a cause.
     *
     * @param file
     *            the file
     * @param fault
     *            a predicate, such as {@code is damaged}
     * @param cause
     *            the cause
     */
    public ImageFormatException(Path file, String fault, Throwable cause) {
        super(file + ": " + fault, cause);
        this.explanation = Message.of(file, ": ", fault);
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
