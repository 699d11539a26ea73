package radedit.exec;

import radedit.message.Explained;
import radedit.message.Message;

/** A backend is not available or has too little memory; the message says which and how to mend it. */
public final class BackendException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     */
    public BackendException(String message) {
        this(Message.of(message));
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     */
    public BackendException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     * @param cause
     *            the underlying exception
     */
    public BackendException(String message, Throwable cause) {
        this(Message.of(message), cause);
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     * @param cause
     *            the underlying exception
     */
    public BackendException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
