package radedit.exec;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** Memory for the latents of one sampler, where the programs run. */
public interface LatentPool extends AutoCloseable {
    /** The heap, which needs no pool. */
    LatentPool HOST = latents -> latents;

    /**
     * Uploads latents.
     *
     * @param latents
     *            latents of the pool's shape
     * @return the same latents in the memory of the pool
     */
    Latents put(Tensor latents);

    /** Frees the memory of all latents of the pool. */
    @Override
    default void close() {}
}
