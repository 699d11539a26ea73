package radedit.serve;

/**
 * What the parts of the interface share.
 *
 * @param document
 *            the interface's description
 * @param masks
 *            masks of the films
 * @param commandLines
 *            writes the command line of a request
 * @param model
 *            the model's name
 */
record Services(ApiDocument document, FilmStore films, MaskStore masks, JobStore jobs, JobQueue queue, Device device,
        CommandLines commandLines, ServerOptions.Limits limits, String model) {
    /** Bytes of a JSON document. */
    static final long DOCUMENT = 8L << 20;
}
