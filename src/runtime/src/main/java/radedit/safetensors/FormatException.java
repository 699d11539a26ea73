package radedit.safetensors;

import java.io.IOException;
import java.nio.file.Path;

import radedit.message.Explained;
import radedit.message.Message;

/** A file is not what its format demands; the message names the file and the fault. */
public final class FormatException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    private final String fault;
    private final Message explanation;

    public FormatException(Path file, String fault) {
        this(file, Message.of(fault));
    }

    public FormatException(Path file, Message fault) {
        super(file + ": " + fault);
        this.fault = fault.toString();
        this.explanation = Message.of(file, ": ", fault);
    }

    /** What is wrong, without the file's name. */
    public String fault() {
        return fault;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
