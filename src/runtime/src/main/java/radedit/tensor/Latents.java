package radedit.tensor;

/**
 * Latents, wherever the network runs that works on them: on the host, in double precision, as a {@link Tensor}, or on a
 * device, in its precision. What samplers compute is made of these operations, each of which gives new latents.
 */
public interface Latents extends AutoCloseable {
    Shape shape();

    /** The same on the host; this itself if it is there. */
    Tensor toTensor();

    /**
     * A weighted sum, element by element.
     *
     * @param factors
     *            of this, then of each of the others
     * @param others
     *            of this shape and from where this is
     */
    Latents sum(double[] factors, Latents... others);

    /** Elements brought to -range..range. */
    Latents clamp(double range);

    /**
     * This where a mask is 1, elsewhere the other.
     *
     * @param mask
     *            [1, 1, height, width] of 0 and 1
     */
    Latents where(Tensor mask, Latents other);

    /** Gives up the room; these latents are not used any more. May be called again. */
    @Override
    default void close() {}
}
