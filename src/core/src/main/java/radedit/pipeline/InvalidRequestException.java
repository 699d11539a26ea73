package radedit.pipeline;

import radedit.message.Explained;
import radedit.message.Message;

/** A setting of a request is out of range or contradicts another; the message names it and the values allowed. */
public final class InvalidRequestException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong
     */
    public InvalidRequestException(String message) {
        this(Message.of(message));
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong
     */
    public InvalidRequestException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
