package radedit.diffusion;

import java.util.List;
import java.util.function.IntUnaryOperator;

import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * The timesteps of a solver, and its noise levels sigma, one for each step and a final one. A latent of level sigma is
 * alpha x0 + alpha sigma eps with alpha = 1 / sqrt(1 + sigma²). Levels are float32, as in diffusers.
 */
final class NoiseLevels {
    /** Columns of {@link #table}. */
    static final List<String> COLUMNS = List.of("timestep", "sigma", "next_sigma", "order");

    /**
     * How levels are chosen.
     *
     * @param spacing
     *            how
     * @param toZero
     *            whether the last step leads to 0, rather than to the smallest level
     * @param least
     *            the smallest level; NaN for that of the schedule. Not used by {@link SigmaSpacing#DISCRETE}
     * @param most
     *            likewise the largest
     */
    record Settings(SigmaSpacing spacing, boolean toZero, double least, double most) {
        /** Levels of timesteps, down to 0. */
        static final Settings DISCRETE = new Settings(SigmaSpacing.DISCRETE, true, Double.NaN, Double.NaN);

        boolean isDiscrete() {
            return spacing == SigmaSpacing.DISCRETE;
        }

        private double[] between(double mostOfSchedule, double leastOfSchedule, int steps) {
            return spacing.between(Double.isNaN(most) ? mostOfSchedule : most,
                    Double.isNaN(least) ? leastOfSchedule : least, steps);
        }
    }

    private final double[] timesteps;
    private final double[] sigmas;

    private NoiseLevels(double[] timesteps, double[] sigmas, double last) {
        this.timesteps = timesteps;
        this.sigmas = new double[sigmas.length + 1];
        for (int i = 0; i < sigmas.length; i++) {
            this.sigmas[i] = (float) sigmas[i];
        }
        this.sigmas[sigmas.length] = (float) last;
    }

    /** {@return the levels of DPMSolverMultistepScheduler} */
    static NoiseLevels ofDpmSolver(NoiseSchedule schedule, TimestepSpacing spacing, Settings s, int steps) {
        boolean rounds = s.spacing == SigmaSpacing.KARRAS && schedule.betas() != NoiseSchedule.Betas.SQUAREDCOS_CAP_V2;
        return ofSolver(schedule, spacing, s, steps, rounds, false);
    }

    /** {@return the levels of UniPCMultistepScheduler} */
    static NoiseLevels ofUniPc(NoiseSchedule schedule, TimestepSpacing spacing, Settings s, int steps) {
        return ofSolver(schedule, spacing, s, steps, s.spacing == SigmaSpacing.KARRAS, true);
    }

    /**
     * @param rounds
     *            whether timesteps of levels are rounded rather than truncated
     * @param staysAtLast
     *            whether the final level is that of the last step, where it is neither 0 nor that of a timestep
     */
    private static NoiseLevels ofSolver(NoiseSchedule schedule, TimestepSpacing spacing, Settings s, int steps,
            boolean rounds, boolean staysAtLast) {
        TrainedSigmas trained = new TrainedSigmas(schedule);
        int[] whole = spacing.solverTimesteps(schedule.trainTimesteps(), steps);
        double[] t = new double[steps];
        double[] sigmas = s.isDiscrete() ? new double[steps] : s.between(trained.most(), trained.least(), steps);
        for (int i = 0; i < steps; i++) {
            if (s.isDiscrete()) {
                t[i] = whole[i];
                sigmas[i] = trained.at(t[i]);
            } else {
                double between = trained.timestep(sigmas[i]);
                t[i] = rounds ? Math.rint(between) : (int) between;
            }
        }
        double least = staysAtLast && !s.isDiscrete() ? sigmas[steps - 1] : trained.least();
        return new NoiseLevels(t, sigmas, s.toZero ? 0 : least);
    }

    /** {@return the levels of EulerDiscreteScheduler and EulerAncestralDiscreteScheduler, whose timesteps are fractional} */
    static NoiseLevels ofEuler(NoiseSchedule schedule, TimestepSpacing spacing, Settings s, int steps) {
        TrainedSigmas trained = new TrainedSigmas(schedule);
        double[] t = spacing.fractional(schedule.trainTimesteps(), steps);
        double[] sigmas = new double[steps];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = trained.at(t[i]);
        }
        if (!s.isDiscrete()) {
            sigmas = s.between(sigmas[0], sigmas[steps - 1], steps);
            for (int i = 0; i < steps; i++) {
                t[i] = (float) trained.timestep(sigmas[i]);
            }
        }
        return new NoiseLevels(t, sigmas, s.toZero ? 0 : trained.least());
    }

    int steps() {
        return timesteps.length;
    }

    double[] timesteps() {
        return timesteps.clone();
    }

    /** {@return the level before a step, or the final one} */
    double sigma(int i) {
        return sigmas[i];
    }

    /** {@return the largest level} */
    double most() {
        double most = 0;
        for (double s : sigmas) {
            most = Math.max(most, s);
        }
        return most;
    }

    /** {@return the share of the clean latent at a level} */
    double alpha(int i) {
        return 1 / Math.sqrt(sigmas[i] * sigmas[i] + 1);
    }

    /** {@return the share of the noise at a level, where that of the clean latent is {@link #alpha}} */
    double noise(int i) {
        return sigmas[i] * alpha(i);
    }

    /** {@return sigma after step i divided by sigma before it: exp(-h) of {@link #h}} */
    double ratio(int i) {
        return sigmas[i + 1] / sigmas[i];
    }

    /** {@return the step in lambda = log(alpha / noise), half the logarithm of the signal-to-noise ratio} */
    double h(int i) {
        return Math.log(sigmas[i] / sigmas[i + 1]);
    }

    /** {@return a row for each step: its timestep, the levels before and after it, and its order} */
    Tensor table(IntUnaryOperator order) {
        Tensor rows = Tensor.zeros(Shape.of(steps(), COLUMNS.size()));
        for (int i = 0; i < steps(); i++) {
            int at = i * COLUMNS.size();
            rows.data()[at] = timesteps[i];
            rows.data()[at + 1] = sigmas[i];
            rows.data()[at + 2] = sigmas[i + 1];
            rows.data()[at + 3] = order.applyAsInt(i);
        }
        return rows;
    }
}
