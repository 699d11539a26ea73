package radedit.exec;

/**
 * What is live while networks run, next to their own memory. The two are not live at the same time: latents while a sampler
 * works, the host's data while pictures are encoded and decoded.
 *
 * @param latents
 *            elements of latents, where programs find them
 * @param hostBytes
 *            bytes on the JVM's heap
 */
public record Live(long latents, long hostBytes) {
    /** Nothing. */
    public static final Live NONE = new Live(0, 0);

    /** Bytes on the heap, with latents in double precision there. */
    public long onHost() {
        return Math.max(8 * latents, hostBytes);
    }
}
