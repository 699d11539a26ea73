package radedit.diffusion;

/** A method of sampling, with the number of steps that suits it. */
public enum SamplerMethod {
    /** {@link Ddim}: deterministic (eta 0). */
    DDIM("ddim", 100),
    /** {@link DpmSolver}: DPM-Solver++ for the probability flow ODE, a multistep method of order 2. */
    DPM_2M("dpm++2m", 25),
    /** {@link DpmSolver}: DPM-Solver++ for the reverse SDE, a multistep method of order 2. */
    DPM_2M_SDE("dpm++2m_sde", 25),
    /** {@link UniPc}: a predictor and a corrector of order 2. */
    UNIPC("unipc", 20),
    /** {@link Euler}: Euler's method for the probability flow ODE. */
    EULER("euler", 30),
    /** {@link Euler} with noise: ancestral sampling. */
    EULER_A("euler_a", 30),
    /** {@link Pndm} with Runge-Kutta steps to begin with. */
    PNDM("pndm", 50),
    /** {@link Pndm} without Runge-Kutta steps. */
    PLMS("plms", 50),
    /** {@link Lcm}: for models distilled to few steps. */
    LCM("lcm", 4);

    private final String label;
    private final int steps;

    SamplerMethod(String label, int steps) {
        this.label = label;
        this.steps = steps;
    }

    /** {@return the number of steps unless another is asked for} */
    public int defaultSteps() {
        return steps;
    }

    /** {@return the name on the command line} */
    @Override
    public String toString() {
        return label;
    }
}
