package radedit.pipeline;

import radedit.message.Message;

/** Receives the progress of a request and what the user should know about it. All methods do nothing by default. */
public interface Listener {
    /** Ignores everything. */
    Listener NONE = new Listener() {};

    /**
     * Called with something that the user should know although the work continues.
     *
     * @param message
     *            one or two sentences
     */
    default void warning(String message) {
    }

    /**
     * Called like {@link #warning(String)}, with settings as values; by default passes the message on in words.
     *
     * @param message
     *            one or two sentences
     */
    default void warning(Message message) {
        warning(message.toString());
    }

    /**
     * Called with information that is not a problem.
     *
     * @param message
     *            one or two sentences
     */
    default void note(String message) {
    }

    /**
     * Called before the work starts with the memory of its largest network.
     *
     * @param needed
     *            bytes, excluding mapped weights
     * @param available
     *            bytes
     */
    default void memory(long needed, long available) {
    }

    /**
     * Called when a part of the work is done.
     *
     * @param phase
     *            name of the phase, such as {@code denoising}
     * @param done
     *            steps done in this phase
     * @param total
     *            steps of this phase
     */
    default void progress(String phase, int done, int total) {
    }
}
