package radedit.diffusion;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;

/** The steps of a sampler that needs nothing but the latent from one step to the next. */
final class MemorylessTrajectory implements Sampler.Trajectory {
    /** One step of such a sampler. */
    @FunctionalInterface
    interface Step {
        /** {@return the latent after a step; see {@link Sampler.Trajectory#next}} */
        Latents next(Latents sample, Latents output, @Nullable Latents noise, int step);
    }

    private final Step sampler;
    private int step;

    MemorylessTrajectory(Step sampler) {
        this.sampler = sampler;
    }

    @Override
    public Latents next(Latents sample, Latents output, @Nullable Latents noise) {
        return sampler.next(sample, output, noise, step++);
    }

    @Override
    public void close() {
        // nothing is remembered
    }
}
