package radedit.weights;

import radedit.message.Explained;
import radedit.message.Message;

/** Weights are missing or do not fit the configuration; the message names the file or tensor and the way out. */
public final class WeightsException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public WeightsException(String message) {
        this(Message.of(message));
    }

    public WeightsException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    public WeightsException(String message, Throwable cause) {
        this(Message.of(message), cause);
    }

    public WeightsException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
