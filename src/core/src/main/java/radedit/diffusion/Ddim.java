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
 * The schedule's alphas_cumprod are float32, sums and products in the order of diffusers' DDIMScheduler, because they
 * are part of the model. What follows from them is double precision.
 */
public final class Ddim {
    /** How beta grows over the training timesteps. */
    public enum BetaSchedule {
        LINEAR, SCALED_LINEAR, SQUAREDCOS_CAP_V2
    }

    /** How inference timesteps are chosen (Lin et al., arXiv:2305.08891, table 2). */
    public enum Spacing {
        LEADING, TRAILING, LINSPACE
    }

    /** What the network predicts. */
    public enum Prediction {
        EPSILON, SAMPLE, V_PREDICTION
    }

    /**
     * The settings of a scheduler_config.json.
     *
     * @param clipRange
     *            the predicted x0 is clamped to plus or minus this; infinite for no clamp
     * @param alphaOne
     *            whether the last step goes to alpha 1 rather than to that of timestep 0
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
     * @param steps
     *            from 1 to the number of training timesteps
     * @throws IllegalArgumentException
     *             if there are more steps than timesteps
     */
    public Ddim(Config config, int steps) {
        this.config = config;
        this.steps = steps;
        this.alphasCumprod = alphasCumprod(config);
        this.timesteps = timesteps(config, steps);
    }

    /** abar[t], the product of 1 - beta up to t, for every training timestep. */
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

    /** torch.linspace in float32: from the start in the first half, from the end in the second. */
    private static float linspace(float start, float end, int i, int n) {
        float step = (end - start) / (n - 1);
        return i < n / 2 ? Math.fma(step, i, start) : Math.fma(-step, n - 1 - i, end);
    }

    private static double cosine(double t) {
        return Math.pow(Math.cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
    }

    /**
     * The inference timesteps, the noisiest first.
     *
     * @throws IllegalArgumentException
     *             if {@code steps} is out of range
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

    /** The inference timesteps, the noisiest first. */
    public int[] timesteps() {
        return timesteps.clone();
    }

    /** abar at a training timestep. */
    public double alphaCumprod(int timestep) {
        return alphasCumprod[timestep];
    }

    /** abar one inference step after {@code timestep}. */
    private double previousAlphaCumprod(int timestep) {
        int previous = timestep - config.trainTimesteps / steps;
        return previous >= 0 ? alphasCumprod[previous] : config.alphaOne ? 1 : alphasCumprod[0];
    }

    /** sigma: the standard deviation of the noise that belongs to a step. */
    public double sigma(int timestep, double eta) {
        double a = alphaCumprod(timestep);
        double before = previousAlphaCumprod(timestep);
        return eta * Math.sqrt((1 - before) / (1 - a) * (1 - a / before));
    }

    /**
     * What the mean of the next, less noisy latent is of the last one and of the network's output for it: the factors of
     * both, as long as nothing is clamped.
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

    /** What the predicted clean latent is of a latent and the network's output. */
    private double[] cleanFactors(int timestep) {
        double rootA = Math.sqrt(alphaCumprod(timestep));
        double rootB = Math.sqrt(1 - alphaCumprod(timestep));
        return switch (config.prediction) {
            case EPSILON -> new double[]{1 / rootA, -rootB / rootA};
            case SAMPLE -> new double[]{0, 1};
            case V_PREDICTION -> new double[]{rootA, -rootB};
        };
    }

    /** What the predicted noise is of a latent and the network's output. */
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
     * One denoising step: the mean of the next, less noisy latent plus sigma times noise.
     *
     * @param output
     *            what the network predicted for {@code sample}
     * @param noise
     *            standard normal; may be null where eta is 0
     */
    public Latents step(Latents sample, Latents output, int timestep, double eta,
            @Nullable Latents noise) {
        return after(sample, output, timestep, eta, 1, eta == 0 ? 0 : sigma(timestep, eta), noise);
    }

    /**
     * The noise that leads from a latent to a given next one: (next - mean) / sigma.
     *
     * @param output
     *            what the network predicted for {@code sample}
     * @param eta
     *            above 0
     */
    public Latents noise(Latents sample, Latents output, int timestep, double eta, Latents next) {
        double sigma = sigma(timestep, eta);
        return after(sample, output, timestep, eta, -1 / sigma, 1 / sigma, next);
    }

    /** a mean + b other. */
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
        try (Latents x0 = sample.sum(cleanFactors(timestep), output);
                Latents clean = x0.clamp(config.clipRange);
                Latents eps = sample.sum(noiseFactors(timestep), output)) {
            return b == 0
                    ? clean.sum(new double[]{before, direction}, eps)
                    : clean.sum(new double[]{before, direction, b}, eps, Objects.requireNonNull(other));
        }
    }

    /** A clean latent brought to the noise level of a timestep: sqrt(abar) x0 + sqrt(1 - abar) noise. */
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
