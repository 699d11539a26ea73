package radedit.pipeline;

import radedit.message.Message;

/** Hears how a request goes. */
public interface Listener {
    /** Hears nothing. */
    Listener NONE = new Listener() {};

    /** Something the user should know although the work goes on. */
    default void warning(String message) {
    }

    /** The same, with settings that may be called by other names. */
    default void warning(Message message) {
        warning(message.toString());
    }

    /** Something the user should know, about which nothing is wrong. */
    default void note(String message) {
    }

    /**
     * What the largest network of the work takes, before it starts.
     *
     * @param needed
     *            bytes, beside mapped weights
     * @param available
     *            bytes
     */
    default void memory(long needed, long available) {
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
