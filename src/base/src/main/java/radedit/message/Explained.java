package radedit.message;

/** An exception that knows which settings its message names. */
public interface Explained {
    /** What {@link Throwable#getMessage()} says in words. */
    Message explanation();
}
