package radedit.diffusion;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Euler's method for the probability flow ODE in sigma (Karras et al., arXiv:2206.00364, algorithm 2 without its correction
 * and without churn), and ancestral sampling, which steps further down and adds noise. EulerDiscreteScheduler and
 * EulerAncestralDiscreteScheduler of diffusers. Latents are x0 + sigma eps here, and scaled to unit variance for the network.
 */
public final class Euler implements Sampler {
    /**
     * The settings of an EulerDiscreteScheduler or an EulerAncestralDiscreteScheduler.
     *
     * @param schedule
     *            the noise schedule
     * @param prediction
     *            what the network predicts
     * @param spacing
     *            how timesteps are chosen
     * @param ancestral
     *            whether noise is added; then levels are those of timesteps, and the last is 0
     * @param sigmas
     *            how noise levels are chosen
     * @param toZero
     *            whether the last step leads to the noise level 0
     * @param leastSigma
     *            the smallest level unless levels are those of timesteps; NaN for that of the timesteps
     * @param mostSigma
     *            likewise the largest
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing, boolean ancestral,
            SigmaSpacing sigmas, boolean toZero, double leastSigma, double mostSigma) implements SamplerConfig {
        /**
         * {@return the settings of an EulerAncestralDiscreteScheduler}
         *
         * @param schedule
         *            the noise schedule
         * @param prediction
         *            what the network predicts; not x0
         * @param spacing
         *            how timesteps are chosen
         */
        public static Config ancestral(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing) {
            return new Config(schedule, prediction, spacing, true, SigmaSpacing.DISCRETE, true, Double.NaN, Double.NaN);
        }

        @Override
        public Euler sampler(int steps) {
            return new Euler(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return ancestral ? SamplerMethod.EULER_A : SamplerMethod.EULER;
        }

        @Override
        public Map<String, Object> fields() {
            if (ancestral) {
                return ConfigFields.of("EulerAncestralDiscreteScheduler", schedule, prediction, spacing);
            }
            Map<String, Object> m = ConfigFields.of("EulerDiscreteScheduler", schedule, prediction, spacing);
            ConfigFields.putSigmas(m, sigmas, toZero);
            ConfigFields.putRange(m, leastSigma, mostSigma);
            return m;
        }
    }

    private final Config config;
    private final NoiseLevels levels;

    private Euler(Config config, int steps) {
        this.config = config;
        this.levels = NoiseLevels.ofEuler(config.schedule, config.spacing,
                new NoiseLevels.Settings(config.sigmas, config.toZero, config.leastSigma, config.mostSigma), steps);
    }

    @Override
    public double[] networkTimesteps() {
        return levels.timesteps();
    }

    @Override
    public double initialScale() {
        double most = levels.most();
        return config.spacing.rule() == TimestepSpacing.Rule.LEADING ? Math.sqrt(most * most + 1) : most;
    }

    @Override
    public double inputScale(int step) {
        return levels.alpha(step);
    }

    @Override
    public boolean drawsNoise(int step) {
        return config.ancestral;
    }

    /** {@return coefficients (a, b) in x0 = a·x + b·output} */
    private double[] cleanFactors(int step) {
        double[] f = config.prediction.clean(levels.alpha(step), levels.noise(step));
        return new double[]{f[0] * levels.alpha(step), f[1]};
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        return sample.sum(cleanFactors(step), output);
    }

    /** {@return the standard deviation of the noise that a step adds} */
    private double added(int step) {
        double from = levels.sigma(step);
        double to = levels.sigma(step + 1);
        return config.ancestral ? Math.sqrt(to * to * (from * from - to * to) / (from * from)) : 0;
    }

    /** {@return x + (x - x0) / sigma (sigma' - sigma), where sigma' is the level that the step leads down to} */
    private Latents next(Latents sample, Latents output, @Nullable Latents noise, int step) {
        double to = levels.sigma(step + 1);
        double up = added(step);
        double share = Math.sqrt(to * to - up * up) / levels.sigma(step);
        double[] clean = cleanFactors(step);
        double ofSample = share + (1 - share) * clean[0];
        double ofOutput = (1 - share) * clean[1];
        return up == 0 || noise == null
                ? sample.sum(new double[]{ofSample, ofOutput}, output)
                : sample.sum(new double[]{ofSample, ofOutput, up}, output, noise);
    }

    @Override
    public Trajectory start() {
        return new MemorylessTrajectory(this::next);
    }

    @Override
    public List<String> columns() {
        return NoiseLevels.COLUMNS;
    }

    @Override
    public Tensor coefficients() {
        return levels.table(i -> 1);
    }
}
