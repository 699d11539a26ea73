package radedit.exec;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/** Room for the latents of one sampler, where the programs run. */
public interface LatentPool extends AutoCloseable {
    /** On the host, which has room. */
    LatentPool HOST = latents -> latents;

    /** Brings latents of the pool's shape there. */
    Latents put(Tensor latents);

    /** Gives up the room of all of them. */
    @Override
    default void close() {}
}
