package radedit.diffusion;

import java.util.List;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * A method that leads from noise to a clean latent in a number of steps, each of which takes one evaluation of the network.
 * It is the same for all pictures; what a picture's steps have to remember is in its {@link Trajectory}.
 *
 * <p>
 * Samplers are composed of weighted sums, clamps and selections of latents, so that they run where the network does. Timesteps
 * and noise levels are those of diffusers' scheduler of the same name, in float32, because they are part of the model;
 * coefficients are double precision.
 */
public sealed interface Sampler permits Ddim, DpmSolver, Euler, Lcm, Pndm, UniPc {
    /** The steps of one picture, which have to be done in their order. */
    interface Trajectory extends AutoCloseable {
        /**
         * {@return the latent after the next step}
         *
         * @param sample
         *            the latent before it
         * @param output
         *            the network's output for it, with guidance
         * @param noise
         *            standard normal, of the shape of {@code sample}; null if the step draws none
         */
        Latents next(Latents sample, Latents output, @Nullable Latents noise);

        /** Frees what was remembered. */
        @Override
        void close();
    }

    /** {@return the timestep that the network is told at each step, the noisiest first; may be fractional, and may repeat} */
    double[] networkTimesteps();

    /** {@return the standard deviation of the latents that sampling starts from} */
    default double initialScale() {
        return 1;
    }

    /**
     * {@return the factor that a latent is multiplied by before the network sees it}
     *
     * @param step
     *            index of the step
     */
    default double inputScale(int step) {
        return 1;
    }

    /**
     * {@return whether a step draws random numbers}
     *
     * @param step
     *            index of the step
     */
    default boolean drawsNoise(int step) {
        return false;
    }

    /** {@return the peak number of latents that a trajectory remembers from one step to the next} */
    default int remembered() {
        return 0;
    }

    /** {@return a trajectory before its first step} */
    Trajectory start();

    /**
     * {@return the clean latent x0 that the network's output predicts, with the threshold applied}
     *
     * @param sample
     *            the latent before a step
     * @param output
     *            the network's output for it
     * @param step
     *            index of the step
     */
    Latents clean(Latents sample, Latents output, int step);

    /** {@return names of the columns of {@link #coefficients}} */
    List<String> columns();

    /** {@return what defines each step, a row of numbers for each; for traces} */
    Tensor coefficients();
}
