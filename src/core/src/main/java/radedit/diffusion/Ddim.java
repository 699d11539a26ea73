package radedit.diffusion;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;
import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Denoising diffusion implicit models (Song et al., arXiv:2010.02502, formulas 12 and 16) for a fixed number of steps.
 *
 * <p>
 * abar[t] denotes alphas_cumprod of diffusers' DDIMScheduler. It is computed in float32, with sums and products in the
 * order of diffusers, because it is part of the model. Everything derived from it is double precision.
 */
public final class Ddim {
    /** How beta grows over the training timesteps. */
    public enum BetaSchedule {
        /** Linear. */
        LINEAR,
        /** Linear in the square root. */
        SCALED_LINEAR,
        /** From a squared-cosine abar (Nichol and Dhariwal, arXiv:2102.09672, formula 17), at most 0.999. */
        SQUAREDCOS_CAP_V2
    }

    /** How inference timesteps are chosen (Lin et al., arXiv:2305.08891, table 2). */
    public enum Spacing {
        /** Multiples of a whole stride, from {@code stepsOffset}. */
        LEADING,
        /** A fractional stride down from the last training timestep, rounded. */
        TRAILING,
        /** Evenly from the first to the last training timestep, rounded. */
        LINSPACE
    }

    /** What the network predicts. */
    public enum Prediction {
        /** The noise. */
        EPSILON,
        /** The clean latent x0. */
        SAMPLE,
        /** v = sqrt(abar) noise - sqrt(1 - abar) x0 (Salimans and Ho, arXiv:2202.00512). */
        V_PREDICTION
    }

    /**
     * The settings of a scheduler_config.json.
     *
     * @param trainTimesteps
     *            number of training timesteps
     * @param betaStart
     *            beta of the first training timestep, 0 to 1
     * @param betaEnd
     *            beta of the last training timestep, 0 to 1
     * @param betas
     *            how beta grows in between
     * @param spacing
     *            how inference timesteps are chosen
     * @param stepsOffset
     *            added to the timesteps of {@link Spacing#LEADING}
     * @param prediction
     *            what the network predicts
     * @param alphaOne
     *            whether the last step leads to abar = 1 rather than to abar[0]
     * @param clipRange
     *            the predicted x0 is clamped to plus or minus this; infinite for no clamp
     */
    public record Config(int trainTimesteps, double betaStart, double betaEnd, BetaSchedule betas, Spacing spacing,
            int stepsOffset, Prediction prediction, boolean alphaOne, double clipRange) {
        /** The scheduler of the model card: linear betas, trailing spacing. */
        public static final Config MODEL_CARD = new Config(1000, 0.0001, 0.02, BetaSchedule.LINEAR, Spacing.TRAILING, 1,
                Prediction.EPSILON, true, Double.POSITIVE_INFINITY);
    }

    private final Config config;
    private final int steps;
    private final int[] timesteps;
    private final float[] alphasCumprod;

    /**
     * Creates a sampler.
     *
     * @param config
     *            the noise schedule
     * @param steps
     *            inference steps, 1 to the number of training timesteps
     * @throws IllegalArgumentException
     *             if {@code steps} is out of range
     */
    public Ddim(Config config, int steps) {
        this.config = config;
        this.steps = steps;
        this.alphasCumprod = alphasCumprod(config);
        this.timesteps = timesteps(config, steps);
    }

    /**
     * {@return abar[t] = product of 1 - beta[s] for s = 0..t, for every training timestep}
     *
     * @param c
     *            the noise schedule
     */
    public static float[] alphasCumprod(Config c) {
        float[] out = new float[c.trainTimesteps];
        // torch.cumprod keeps its running product in float64 and rounds what it stores
        double product = 1;
        for (int t = 0; t < out.length; t++) {
            float beta = switch (c.betas) {
                case LINEAR -> linspace((float) c.betaStart, (float) c.betaEnd, t, out.length);
                case SCALED_LINEAR -> {
                    float root = linspace((float) Math.sqrt(c.betaStart), (float) Math.sqrt(c.betaEnd), t, out.length);
                    yield root * root;
                }
                case SQUAREDCOS_CAP_V2 -> (float) Math.min(
                        1 - cosine((t + 1.0) / out.length) / cosine((double) t / out.length), 0.999);
            };
            product *= 1 - beta;
            out[t] = (float) product;
        }
        return out;
    }

    /** torch.linspace in float32: counted from the start in the first half, from the end in the second. */
    private static float linspace(float start, float end, int i, int n) {
        float step = (end - start) / (n - 1);
        return i < n / 2 ? Math.fma(step, i, start) : Math.fma(-step, n - 1 - i, end);
    }

    private static double cosine(double t) {
        return Math.pow(Math.cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    /**
     * {@return the inference timesteps, the noisiest first}
     *
     * @param c
     *            the noise schedule
     * @param steps
     *            1 to the number of training timesteps
     * @throws IllegalArgumentException
     *             if {@code steps} is out of range, or {@code stepsOffset} leads past the last timestep
     */
    public static int[] timesteps(Config c, int steps) {
        int n = c.trainTimesteps;
        if (steps < 1 || steps > n) {
            throw new SettingException(Message.of(Setting.STEPS, " must be from 1 to ", n, ", not ", steps));
        }
        int[] t = new int[steps];
        for (int i = 0; i < steps; i++) {
            int fromEnd = steps - 1 - i;
            t[i] = switch (c.spacing) {
                case TRAILING -> (int) Math.rint(n + i * trailingStride(n, steps)) - 1;
                case LEADING -> fromEnd * (n / steps) + c.stepsOffset;
                case LINSPACE -> steps == 1 ? 0 : (int) Math.rint(fromEnd * ((n - 1.0) / (steps - 1)));
            };
            if (t[i] >= n) {
                throw new IllegalArgumentException(
                        steps + " steps with steps_offset " + c.stepsOffset + " reach past the last timestep");
            }
        }
        return t;
    }

    /**
     * The stride of numpy.arange(n, 0, -n / steps), by which diffusers spaces trailing timesteps: the difference of its
     * first two values, each rounded to a double. Ties between two timesteps fall as they do there.
     */
    private static double trailingStride(int n, int steps) {
        return n - (double) n / steps - n;
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
        int previous = timestep - config.trainTimesteps / steps;
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
     * clamping.
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
        double rootA = Math.sqrt(alphaCumprod(timestep));
        double rootB = Math.sqrt(1 - alphaCumprod(timestep));
        return switch (config.prediction) {
            case EPSILON -> new double[]{1 / rootA, -rootB / rootA};
            case SAMPLE -> new double[]{0, 1};
            case V_PREDICTION -> new double[]{rootA, -rootB};
        };
    }

    /** Coefficients (a, b) in eps = a·x + b·output. */
    private double[] noiseFactors(int timestep) {
        double rootA = Math.sqrt(alphaCumprod(timestep));
        double rootB = Math.sqrt(1 - alphaCumprod(timestep));
        return switch (config.prediction) {
            case EPSILON -> new double[]{0, 1};
            case SAMPLE -> new double[]{1 / rootB, -rootA / rootB};
            case V_PREDICTION -> new double[]{rootB, rootA};
        };
    }

    /**
     * {@return the clean latent x0 that a network's output predicts, clamped as the configuration says}
     *
     * @param sample
     *            the latent at {@code timestep}
     * @param output
     *            the network's output for {@code sample}
     * @param timestep
     *            an inference timestep
     */
    public Latents clean(Latents sample, Latents output, int timestep) {
        Latents x0 = sample.sum(cleanFactors(timestep), output);
        if (config.clipRange == Double.POSITIVE_INFINITY) {
            return x0;
        }
        try (x0) {
            return x0.clamp(config.clipRange);
        }
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
        if (config.clipRange == Double.POSITIVE_INFINITY) {
            double[] f = factors(timestep, eta);
            return b == 0
                    ? sample.sum(new double[]{a * f[0], a * f[1]}, output)
                    : sample.sum(new double[]{a * f[0], a * f[1], b}, output, Objects.requireNonNull(other));
        }
        double before = a * Math.sqrt(previousAlphaCumprod(timestep));
        double direction = a * direction(timestep, eta);
        try (Latents clean = clean(sample, output, timestep);
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
}
