package radedit.exec;

import radedit.message.Explained;
import radedit.message.Message;

/** A backend is not available or has too little memory; the message says which and what would help. */
public final class BackendException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1;

    private final Message explanation;

    public BackendException(String message) {
        this(Message.of(message));
    }

    public BackendException(Message message) {
        super(message.toString());
        this.explanation = message;
    }

    public BackendException(String message, Throwable cause) {
        this(Message.of(message), cause);
    }

    public BackendException(Message message, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
