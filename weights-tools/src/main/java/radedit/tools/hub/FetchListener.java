package radedit.tools.hub;

/** Receives warnings and progress of a fetch. */
public interface FetchListener {
    /**
     * Receives something that a user should see, although the work continues.
     *
     * @param message
     *            a sentence
     */
    void warning(String message);

    /**
     * Receives progress.
     *
     * @param what
     *            the current activity in a word or two
     * @param done
     *            bytes done
     * @param total
     *            bytes in total
     */
    void progress(String what, long done, long total);
}
