package radedit.tools.http;

import java.io.IOException;

/** A proxy cannot be reached, or refuses; the message names it, without user and password. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1;

    /** Whether another attempt may succeed. */
    public enum Kind {
        UNREACHABLE, PASSING, FINAL
    }

    private final Kind kind;
    private final String fault;

    ProxyException(Kind kind, String fault) {
        super(fault);
        this.kind = kind;
        this.fault = fault;
    }

    /** What is wrong: the message. */
    public String fault() {
        return fault;
    }

    public Kind kind() {
        return kind;
    }
}
