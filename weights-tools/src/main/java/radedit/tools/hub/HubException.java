package radedit.tools.hub;

import java.io.IOException;
import java.time.Duration;

import radedit.message.Explained;
import radedit.message.Message;

/** The hub, or the way to it, failed; the message says where and how. */
public final class HubException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    /** What another attempt promises. */
    enum Kind {
        /** Nothing answers at the address. */
        UNREACHABLE,
        /** A fault that may pass: too many requests, a fault of the server, a cut connection. */
        PASSING,
        /** The server's answer makes no sense, or there is no room for it. */
        FINAL
    }

    private final Message explanation;
    private final Kind kind;
    private final transient Duration retryAfter;

    HubException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    HubException(Kind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    HubException(Kind kind, Message message, Throwable cause) {
        this(kind, message, null, cause);
    }

    HubException(Kind kind, String message, Duration retryAfter, Throwable cause) {
        this(kind, Message.of(message), retryAfter, cause);
    }

    private HubException(Kind kind, Message message, Duration retryAfter, Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    Kind kind() {
        return kind;
    }

    /** How long the server asks to wait; null if it does not say. */
    Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
