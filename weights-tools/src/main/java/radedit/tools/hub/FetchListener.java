package radedit.tools.hub;

/** Hears how a fetch goes. */
public interface FetchListener {
    /** Something the user should know although the work goes on. */
    void warning(String message);

    /**
     * Work done, in bytes.
     *
     * @param what
     *            a word or two for what is going on
     */
    void progress(String what, long done, long total);
}
