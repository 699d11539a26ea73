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

    /** {@return whether {@link #preview} is to be called; false by default} */
    default boolean wantsPreviews() {
        return false;
    }

    /**
     * Called after each step of denoising with what the network expects the picture to become, if
     * {@link #wantsPreviews} says so.
     *
     * @param preview
     *            the preview
     */
    default void preview(Preview preview) {
    }

    /**
     * Called after each try of an edit, and after each group of generated pictures, with the work of the UNet.
     *
     * @param computed
     *            evaluations: latents times steps
     * @param shared
     *            evaluations of an inversion that an earlier edit of the same film had made
     */
    default void evaluations(long computed, long shared) {
    }
}
