package radedit.weights;

/** Weights are missing or do not fit the configuration; the message names the file or tensor and the way out. */
public final class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WeightsException(String message) {
        super(message);
    }

    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
