package radedit.tools.hub;

import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;
import radedit.message.Explained;
import radedit.message.Message;

/** The hub, or the connection to it, failed; the message says where and how. */
public final class HubException extends IOException implements Explained {
    private static final long serialVersionUID = 1;

    /** Whether another attempt may succeed. */
    enum Kind {
        /** No connection. */
        UNREACHABLE,
        /** A transient fault: too many requests, a server error, a broken connection. */
        PASSING,
        /** The server's answer is invalid, or there is no room for it. */
        FINAL
    }

    /** The message, with its settings. */
    private final Message explanation;
    /** Whether another attempt may succeed. */
    private final Kind kind;
    private final transient @Nullable Duration retryAfter;

    HubException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    HubException(Kind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    HubException(Kind kind, Message message, Throwable cause) {
        this(kind, message, null, cause);
    }

    HubException(Kind kind, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        this(kind, Message.of(message), retryAfter, cause);
    }

    private HubException(Kind kind, Message message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(message.toString(), cause);
        this.explanation = message;
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    Kind kind() {
        return kind;
    }

    /** The wait that the server asks for; null if it does not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public Message explanation() {
        return explanation;
    }
}
