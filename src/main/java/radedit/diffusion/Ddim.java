package radedit.diffusion;

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
            throw new IllegalArgumentException("--steps must be from 1 to " + n + ", not " + steps);
        }
        int[] t = new int[steps];
        for (int i = 0; i < steps; i++) {
            int fromEnd = steps - 1 - i;
            t[i] = switch (c.spacing) {
                case TRAILING -> (int) Math.rint(n - i * ((double) n / steps)) - 1;
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
     * The mean of the next, less noisy latent.
     *
     * @param output
     *            what the network predicted for {@code sample}
     */
    public Tensor mean(Tensor sample, Tensor output, int timestep, double eta) {
        double a = alphaCumprod(timestep);
        double before = previousAlphaCumprod(timestep);
        double sigma = sigma(timestep, eta);
        double rootA = Math.sqrt(a);
        double rootB = Math.sqrt(1 - a);
        double direction = Math.sqrt(1 - before - sigma * sigma);
        double[] x = sample.data();
        double[] o = output.data();
        double[] mean = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double x0 = switch (config.prediction) {
                case EPSILON -> (x[i] - rootB * o[i]) / rootA;
                case SAMPLE -> o[i];
                case V_PREDICTION -> rootA * x[i] - rootB * o[i];
            };
            double eps = switch (config.prediction) {
                case EPSILON -> o[i];
                case SAMPLE -> (x[i] - rootA * o[i]) / rootB;
                case V_PREDICTION -> rootA * o[i] + rootB * x[i];
            };
            x0 = Math.clamp(x0, -config.clipRange, config.clipRange);
            mean[i] = Math.sqrt(before) * x0 + direction * eps;
        }
        return Tensor.of(sample.shape(), mean);
    }

    /**
     * One denoising step: the mean plus sigma times noise.
     *
     * @param noise
     *            standard normal; may be null where eta is 0
     */
    public Tensor step(Tensor sample, Tensor output, int timestep, double eta, Tensor noise) {
        Tensor next = mean(sample, output, timestep, eta);
        if (eta != 0) {
            double sigma = sigma(timestep, eta);
            for (int i = 0; i < next.data().length; i++) {
                next.data()[i] += sigma * noise.data()[i];
            }
        }
        return next;
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
