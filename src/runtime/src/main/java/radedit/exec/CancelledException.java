package radedit.exec;

/** Work ended early because its {@link Cancellation} was asked for; what was being made is lost, everything else can go on. */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CancelledException() {
        super("cancelled");
    }
}
