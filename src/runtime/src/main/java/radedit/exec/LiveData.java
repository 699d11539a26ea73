package radedit.exec;

/**
 * Data that is live while networks run, in addition to their own memory. Latents are live during sampling, the
 * host's data while pictures are encoded and decoded, so the two are never live at once.
 *
 * @param latentElements
 *            elements of all latents that are live at once, where programs read them
 * @param hostBytes
 *            bytes on the JVM's heap
 */
public record LiveData(long latentElements, long hostBytes) {
    /** No data. */
    public static final LiveData NONE = new LiveData(0, 0);

    /** {@return bytes on the heap if the latents are there too, in double precision} */
    public long hostBytesWithLatents() {
        return Math.max(8 * latentElements, hostBytes);
    }
}
