package radedit.exec;

/**
 * Work stopped early because its {@link Cancellation} was cancelled; its result is lost, everything else stays
 * usable.
 */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Creates an exception. */
    public CancelledException() {
        super("cancelled");
    }
}
