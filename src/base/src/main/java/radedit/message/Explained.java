package radedit.message;

/** An exception whose message names settings as values. */
public interface Explained {
    /** {@return the text of {@link Throwable#getMessage()}, with its settings as values} */
    Message explanation();
}
