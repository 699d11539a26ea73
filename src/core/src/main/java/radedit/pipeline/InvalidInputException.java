package radedit.pipeline;

import radedit.message.Explained;
import radedit.message.Message;

/** An input file cannot be read or used; the message names the file and the fault. */
public final class InvalidInputException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong, and with which file
     */
    public InvalidInputException(String message) {
        this(Message.of(message));
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong, and with which file
     */
    public InvalidInputException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong, and with which file
     * @param cause
     *            the exception that showed it
     */
    public InvalidInputException(String message, Throwable cause) {
        this(Message.of(message), cause);
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong, and with which file
     * @param cause
     *            the exception that showed it
     */
    public InvalidInputException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
