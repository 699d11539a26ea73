package radedit.diffusion;

import java.util.Map;

/** The settings of a sampler, apart from the number of steps. */
public sealed interface SamplerConfig permits Ddim.Config, DpmSolver.Config, Euler.Config, Lcm.Config, Pndm.Config,
        UniPc.Config {
    /**
     * {@return the sampler with a number of steps}
     *
     * @param steps
     *            inference steps
     * @throws IllegalArgumentException
     *             if these settings do not allow this number
     */
    Sampler sampler(int steps);

    /** {@return the noise schedule} */
    NoiseSchedule schedule();

    /** {@return which method this is} */
    SamplerMethod method();

    /**
     * {@return the same settings as diffusers' scheduler of this method has them, by the names of its fields: JSON values that
     * make an equal scheduler}
     */
    Map<String, Object> fields();
}
