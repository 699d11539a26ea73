package radedit.safetensors;

import java.io.IOException;
import java.nio.file.Path;

import radedit.message.Explained;
import radedit.message.Message;

/** A file violates its format; the message names the file and the fault. */
public final class FormatException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    /** What is wrong, without the file's name. */
    private final String fault;
    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param file
     *            the file
     * @param fault
     *            what is wrong with it
     */
    public FormatException(Path file, String fault) {
        this(file, Message.of(fault));
    }

    /**
     * Creates an exception.
     *
     * @param file
     *            the file
     * @param fault
     *            what is wrong with it
     */
    public FormatException(Path file, Message fault) {
        super(file + ": " + fault);
        this.fault = fault.toString();
        this.explanation = Message.of(file, ": ", fault);
    }

    /** {@return what is wrong, without the file's name} */
    public String fault() {
        return fault;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
