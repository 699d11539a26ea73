package radedit.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;

/**
 * Denoising diffusion implicit models (Song et al., arXiv:2010.02502, formulas 12 and 16) for a fixed number of steps.
 *
 * <p>
 * abar[t] denotes alphas_cumprod of diffusers' DDIMScheduler ({@link NoiseSchedule#alphasCumprod}). As a {@link Sampler}, eta
 * is 0. Edits are inverted with this sampler, and no other: its step has a mean and a standard deviation in closed form.
 */
public final class Ddim implements Sampler {
    /**
     * The settings of a DDIMScheduler.
     *
     * @param schedule
     *            the noise schedule
     * @param prediction
     *            what the network predicts
     * @param spacing
     *            how timesteps are chosen
     * @param alphaOne
     *            whether the last step leads to abar = 1 rather than to abar[0]
     * @param thresholding
     *            applied to predicted clean latents
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing, boolean alphaOne,
            Thresholding thresholding) implements SamplerConfig {
        /** The scheduler of the model card: linear betas, trailing spacing. */
        public static final Config MODEL_CARD = new Config(NoiseSchedule.MODEL_CARD, Prediction.EPSILON,
                new TimestepSpacing(TimestepSpacing.Rule.TRAILING, 1), true, Thresholding.NONE);

        @Override
        public Ddim sampler(int steps) {
            return new Ddim(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return SamplerMethod.DDIM;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> m = ConfigFields.of("DDIMScheduler", schedule, prediction, spacing);
            m.put("set_alpha_to_one", alphaOne);
            ConfigFields.putClip(m, thresholding);
            ConfigFields.putThreshold(m, thresholding);
            return m;
        }
    }

    private final Config config;
    private final int steps;
    private final int[] timesteps;
    private final float[] alphasCumprod;

    /**
     * Creates a sampler.
     *
     * @param config
     *            the settings
     * @param steps
     *            inference steps, 1 to the number of training timesteps
     * @throws IllegalArgumentException
     *             if {@code steps} is out of range, or the offset of timesteps leads past the last one
     */
    public Ddim(Config config, int steps) {
        this.config = config;
        this.steps = steps;
        this.alphasCumprod = config.schedule.alphasCumprod();
        this.timesteps = config.spacing.timesteps(config.schedule.trainTimesteps(), steps);
    }

    /** {@return the inference timesteps, the noisiest first} */
    public int[] timesteps() {
        return timesteps.clone();
    }

    /**
     * {@return abar at a training timestep}
     *
     * @param timestep
     *            0 to the number of training timesteps, exclusive
     */
    public double alphaCumprod(int timestep) {
        return alphasCumprod[timestep];
    }

    /** {@return abar one inference step after {@code timestep}, which is less noisy} */
    private double previousAlphaCumprod(int timestep) {
        int previous = timestep - config.schedule.trainTimesteps() / steps;
        return previous >= 0 ? alphasCumprod[previous] : config.alphaOne ? 1 : alphasCumprod[0];
    }

    /**
     * {@return the standard deviation of the noise added in a step: eta sqrt((1 - abar') / (1 - abar) (1 - abar /
     * abar')), where abar' belongs to the next, less noisy latent (formula 16)}
     *
     * @param timestep
     *            an inference timestep
     * @param eta
     *            0 for DDIM to 1 for DDPM
     */
    public double sigma(int timestep, double eta) {
        double a = alphaCumprod(timestep);
        double before = previousAlphaCumprod(timestep);
        return eta * Math.sqrt((1 - before) / (1 - a) * (1 - a / before));
    }

    /**
     * Coefficients (a, b) in mean = a·x + b·output, where mean is that of the next, less noisy latent; valid without
     * a threshold.
     */
    private double[] factors(int timestep, double eta) {
        double[] x0 = cleanFactors(timestep);
        double[] eps = noiseFactors(timestep);
        double before = previousAlphaCumprod(timestep);
        double direction = direction(timestep, eta);
        return new double[]{Math.sqrt(before) * x0[0] + direction * eps[0],
                Math.sqrt(before) * x0[1] + direction * eps[1]};
    }

    private double direction(int timestep, double eta) {
        double sigma = sigma(timestep, eta);
        return Math.sqrt(1 - previousAlphaCumprod(timestep) - sigma * sigma);
    }

    /** Coefficients (a, b) in x0 = a·x + b·output. */
    private double[] cleanFactors(int timestep) {
        return config.prediction.clean(Math.sqrt(alphaCumprod(timestep)), Math.sqrt(1 - alphaCumprod(timestep)));
    }

    /** Coefficients (a, b) in eps = a·x + b·output. */
    private double[] noiseFactors(int timestep) {
        return config.prediction.noise(Math.sqrt(alphaCumprod(timestep)), Math.sqrt(1 - alphaCumprod(timestep)));
    }

    /** {@return whether predicted clean latents are clamped or thresholded} */
    boolean isLimited() {
        return !(config.thresholding instanceof Thresholding.None);
    }

    /**
     * {@return the clean latent x0 that a network's output predicts, with the threshold applied}
     *
     * @param sample
     *            the latent at {@code timestep}
     * @param output
     *            the network's output for {@code sample}
     * @param timestep
     *            an inference timestep
     */
    public Latents cleanAt(Latents sample, Latents output, int timestep) {
        return config.thresholding.apply(sample.sum(cleanFactors(timestep), output));
    }

    /**
     * {@return the next, less noisy latent: its mean plus sigma times noise (formula 12)}
     *
     * @param sample
     *            the latent at {@code timestep}
     * @param output
     *            the network's output for {@code sample}
     * @param timestep
     *            an inference timestep
     * @param eta
     *            0 for DDIM to 1 for DDPM
     * @param noise
     *            standard normal, of the shape of {@code sample}; may be null if eta is 0
     */
    public Latents step(Latents sample, Latents output, int timestep, double eta,
            @Nullable Latents noise) {
        return after(sample, output, timestep, eta, 1, eta == 0 ? 0 : sigma(timestep, eta), noise);
    }

    /**
     * {@return the noise that leads from a latent to a given next one: (next - mean) / sigma}
     *
     * @param sample
     *            the latent at {@code timestep}
     * @param output
     *            the network's output for {@code sample}
     * @param timestep
     *            an inference timestep at which sigma is not 0
     * @param eta
     *            above 0
     * @param next
     *            the next, less noisy latent
     */
    public Latents noise(Latents sample, Latents output, int timestep, double eta, Latents next) {
        double sigma = sigma(timestep, eta);
        return after(sample, output, timestep, eta, -1 / sigma, 1 / sigma, next);
    }

    /** {@return a·mean + b·other} */
    private Latents after(Latents sample, Latents output, int timestep, double eta, double a, double b,
            @Nullable Latents other) {
        if (!isLimited()) {
            double[] f = factors(timestep, eta);
            return b == 0
                    ? sample.sum(new double[]{a * f[0], a * f[1]}, output)
                    : sample.sum(new double[]{a * f[0], a * f[1], b}, output, Objects.requireNonNull(other));
        }
        double before = a * Math.sqrt(previousAlphaCumprod(timestep));
        double direction = a * direction(timestep, eta);
        try (Latents clean = cleanAt(sample, output, timestep);
                Latents eps = sample.sum(noiseFactors(timestep), output)) {
            return b == 0
                    ? clean.sum(new double[]{before, direction}, eps)
                    : clean.sum(new double[]{before, direction, b}, eps, Objects.requireNonNull(other));
        }
    }

    /**
     * {@return a clean latent noised to the level of a timestep: sqrt(abar) x0 + sqrt(1 - abar) noise}
     *
     * @param x0
     *            the clean latent
     * @param noise
     *            standard normal, of the same shape
     * @param timestep
     *            a training timestep
     */
    public Tensor addNoise(Tensor x0, Tensor noise, int timestep) {
        double a = Math.sqrt(alphaCumprod(timestep));
        double b = Math.sqrt(1 - alphaCumprod(timestep));
        double[] out = new double[x0.data().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = a * x0.data()[i] + b * noise.data()[i];
        }
        return Tensor.of(x0.shape(), out);
    }

    @Override
    public double[] networkTimesteps() {
        return Arrays.stream(timesteps).asDoubleStream().toArray();
    }

    @Override
    public Trajectory start() {
        return new MemorylessTrajectory(
                (sample, output, noise, step) -> step(sample, output, timesteps[step], 0, null));
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        return cleanAt(sample, output, timesteps[step]);
    }

    @Override
    public List<String> columns() {
        return List.of("timestep", "alpha_cumprod", "sigma");
    }

    @Override
    public Tensor coefficients() {
        return coefficients(0);
    }

    /**
     * {@return a row of timestep, abar and sigma for each step}
     *
     * @param eta
     *            0 for DDIM to 1 for DDPM
     */
    public Tensor coefficients(double eta) {
        Tensor rows = Tensor.zeros(Shape.of(steps, 3));
        for (int i = 0; i < steps; i++) {
            rows.data()[3 * i] = timesteps[i];
            rows.data()[3 * i + 1] = alphaCumprod(timesteps[i]);
            rows.data()[3 * i + 2] = sigma(timesteps[i], eta);
        }
        return rows;
    }
}
