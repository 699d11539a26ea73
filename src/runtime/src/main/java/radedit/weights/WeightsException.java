package radedit.weights;

import radedit.message.Explained;
import radedit.message.Message;

/** Weights are missing or do not fit the configuration; the message names the file or tensor and the way out. */
public final class WeightsException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    /** The message, with its settings. */
    private final Message explanation;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     */
    public WeightsException(String message) {
        this(Message.of(message));
    }

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong and how to mend it
     */
    public WeightsException(Message message) {
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
    public WeightsException(String message, Throwable cause) {
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
    public WeightsException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
