package radedit.tools.http;

import java.io.IOException;

/** A proxy cannot be reached, or does not let us through; the message names it, never what it was asked with. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1;

    /** What another attempt promises. */
    public enum Kind {
        UNREACHABLE, PASSING, FINAL
    }

    private final Kind kind;

    ProxyException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
