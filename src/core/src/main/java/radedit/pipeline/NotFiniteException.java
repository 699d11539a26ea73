package radedit.pipeline;

/** Sampling ran out of the range of numbers. */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NotFiniteException(String message) {
        super(message);
    }
}
