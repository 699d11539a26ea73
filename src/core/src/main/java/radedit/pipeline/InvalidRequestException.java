package radedit.pipeline;

import radedit.message.Explained;
import radedit.message.Message;

/** A request makes no sense as it stands; the message names the setting and what it may be. */
public final class InvalidRequestException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public InvalidRequestException(String message) {
        this(Message.of(message));
    }

    public InvalidRequestException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
