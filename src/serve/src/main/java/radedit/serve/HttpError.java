package radedit.serve;

import org.jspecify.annotations.Nullable;

/** A request that cannot be served: an HTTP status and a message that says what is wrong and what to do. */
final class HttpError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String field;

    /**
     * @param status
     *            400 to 599
     * @param message
     *            one or two lines
     */
    HttpError(int status, String message) {
        this(status, null, message);
    }

    /**
     * @param field
     *            the field of the request that is wrong; null if it is none
     */
    HttpError(int status, @Nullable String field, String message) {
        super(message);
        this.status = status;
        this.field = field;
    }

    /** What is said of something that does not exist, or that its owner has deleted. */
    static HttpError gone(String what) {
        return new HttpError(404, "no such " + what + " on this server");
    }

    int status() {
        return status;
    }

    @Nullable
    String field() {
        return field;
    }
}
