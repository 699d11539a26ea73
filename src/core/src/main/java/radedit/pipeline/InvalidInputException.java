package radedit.pipeline;

import radedit.message.Explained;
import radedit.message.Message;

/** An input file cannot be read or is of no use; the message names the file and the fault. */
public final class InvalidInputException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public InvalidInputException(String message) {
        this(Message.of(message));
    }

    public InvalidInputException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    public InvalidInputException(String message, Throwable cause) {
        this(Message.of(message), cause);
    }

    public InvalidInputException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
