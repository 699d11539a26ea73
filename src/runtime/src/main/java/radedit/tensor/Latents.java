package radedit.tensor;

/**
 * Latents in the memory of the network that processes them: on the host in double precision, as a {@link Tensor},
 * or on a device in its own precision. Samplers are composed of these operations; each returns new latents.
 */
public interface Latents extends AutoCloseable {
    /** {@return the shape} */
    Shape shape();

    /** {@return the latents on the host; this object if it is on the host already} */
    Tensor toTensor();

    /**
     * Returns a weighted sum, element by element.
     *
     * @param factors
     *            the factor of this, then one for each of the others
     * @param others
     *            latents of the same shape, in the same memory
     * @return factors[0] · this + factors[1] · others[0] + ...
     */
    Latents sum(double[] factors, Latents... others);

    /**
     * Returns the latents with each element clamped.
     *
     * @param range
     *            largest magnitude, at least 0
     * @return the elements clamped to -range..range
     */
    Latents clamp(double range);

    /**
     * Selects between these latents and others by a mask.
     *
     * @param mask
     *            [1, 1, height, width] of 0 and 1, broadcast over channels
     * @param other
     *            latents of the same shape, in the same memory
     * @return this where the mask is 1, the other elsewhere
     */
    Latents where(Tensor mask, Latents other);

    /** Frees the memory; these latents must not be used afterwards. Closing twice has no effect. */
    @Override
    default void close() {}
}
