package radedit.pipeline;

/** Hears how a request goes. */
public interface Listener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /** Something the user should know although the work goes on. */
    default void warning(String message) {
    }

    /** Something the user should know, about which nothing is wrong. */
    default void note(String message) {
    }

    /**
     * Work done.
     *
     * @param phase
     *            a word for what is going on
     */
    default void progress(String phase, int done, int total) {
    }
}
