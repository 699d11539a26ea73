package radedit.pipeline;

/** Sampling gave a value that is infinite or NaN. */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message
     *            what is wrong
     */
    public NotFiniteException(String message) {
        super(message);
    }
}
