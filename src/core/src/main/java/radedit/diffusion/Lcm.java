package radedit.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Multistep sampling of a latent consistency model (Luo et al., arXiv:2310.04378, algorithm 3): each step jumps to the clean
 * latent and noises it again. For models that were distilled to do so. LCMScheduler of diffusers.
 */
public final class Lcm implements Sampler {
    /**
     * The settings of an LCMScheduler.
     *
     * @param schedule
     *            the noise schedule
     * @param prediction
     *            what the network predicts
     * @param thresholding
     *            applied to predicted clean latents
     * @param originalSteps
     *            number of steps of the schedule that the model was distilled on; at most the number of training timesteps
     * @param timestepScaling
     *            factor of timesteps in the boundary conditions (appendix D)
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, Thresholding thresholding, int originalSteps,
            double timestepScaling) implements SamplerConfig {
        @Override
        public Lcm sampler(int steps) {
            return new Lcm(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return SamplerMethod.LCM;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> m = ConfigFields.of("LCMScheduler", schedule, prediction);
            ConfigFields.putClip(m, thresholding);
            ConfigFields.putThreshold(m, thresholding);
            m.put("original_inference_steps", originalSteps);
            m.put("timestep_scaling", timestepScaling);
            return m;
        }
    }

    /** Standard deviation of the data, which the boundary conditions assume. */
    private static final double SIGMA_DATA = 0.5;

    private final Config config;
    private final int[] timesteps;
    private final float[] alphasCumprod;

    private Lcm(Config config, int steps) {
        if (steps < 1 || steps > config.originalSteps) {
            throw new SettingException(Message.of(Setting.STEPS, " must be from 1 to ", config.originalSteps,
                    ", those of the schedule that the model was distilled on, not ", steps));
        }
        this.config = config;
        this.alphasCumprod = config.schedule.alphasCumprod();
        this.timesteps = new int[steps];
        int stride = config.schedule.trainTimesteps() / config.originalSteps;
        for (int i = 0; i < steps; i++) {
            int skipped = (int) (i * ((double) config.originalSteps / steps));
            timesteps[i] = (config.originalSteps - skipped) * stride - 1;
        }
    }

    @Override
    public double[] networkTimesteps() {
        return Arrays.stream(timesteps).asDoubleStream().toArray();
    }

    @Override
    public boolean drawsNoise(int step) {
        return step < timesteps.length - 1;
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        double a = alphasCumprod[timesteps[step]];
        return config.thresholding
                .apply(sample.sum(config.prediction.clean(Math.sqrt(a), Math.sqrt(1 - a)), output));
    }

    /** {@return c_skip x + c_out x0 (formula 9), noised to the level of the next step} */
    private Latents next(Latents sample, Latents output, @Nullable Latents noise, int step) {
        double t = timesteps[step] * config.timestepScaling;
        double skip = SIGMA_DATA * SIGMA_DATA / (t * t + SIGMA_DATA * SIGMA_DATA);
        double out = t / Math.sqrt(t * t + SIGMA_DATA * SIGMA_DATA);
        try (Latents x0 = clean(sample, output, step)) {
            if (!drawsNoise(step) || noise == null) {
                return sample.sum(new double[]{skip, out}, x0);
            }
            double a = alphasCumprod[timesteps[step + 1]];
            return sample.sum(new double[]{Math.sqrt(a) * skip, Math.sqrt(a) * out, Math.sqrt(1 - a)}, x0, noise);
        }
    }

    @Override
    public Trajectory start() {
        return new MemorylessTrajectory(this::next);
    }

    @Override
    public List<String> columns() {
        return NoiseSchedule.COLUMNS;
    }

    @Override
    public Tensor coefficients() {
        return NoiseSchedule.table(timesteps, alphasCumprod);
    }
}
