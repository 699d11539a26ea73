package radedit.diffusion;

import java.util.ArrayList;
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
 * Pseudo numerical methods for diffusion models (Liu et al., arXiv:2202.09778): a linear multistep method of order 4 (formula
 * 12), begun either by three steps of pseudo Runge-Kutta (formula 13), with four evaluations each, or by lower orders (PLMS
 * of the latent diffusion models' authors), with one evaluation more than steps. PNDMScheduler of diffusers.
 */
public final class Pndm implements Sampler {
    /**
     * The settings of a PNDMScheduler.
     *
     * @param schedule
     *            the noise schedule
     * @param prediction
     *            what the network predicts; not x0
     * @param spacing
     *            how timesteps are chosen
     * @param skipsRungeKutta
     *            whether the method begins with lower orders
     * @param alphaOne
     *            whether the last step leads to abar = 1 rather than to abar[0]
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing,
            boolean skipsRungeKutta, boolean alphaOne) implements SamplerConfig {
        /** Checks the kind of prediction. */
        public Config {
            if (prediction == Prediction.SAMPLE) {
                throw new IllegalArgumentException("the method has no form for predictions of x0");
            }
        }

        @Override
        public Pndm sampler(int steps) {
            return new Pndm(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return skipsRungeKutta ? SamplerMethod.PLMS : SamplerMethod.PNDM;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> m = ConfigFields.of("PNDMScheduler", schedule, prediction, spacing);
            m.put("skip_prk_steps", skipsRungeKutta);
            m.put("set_alpha_to_one", alphaOne);
            return m;
        }
    }

    private static final int ORDER = 4;
    /** Factors of the last predictions, the newest first, by their number (formula 12). */
    private static final double[][] MULTISTEP = {{}, {1}, {1.5, -0.5}, {23 / 12.0, -16 / 12.0, 5 / 12.0},
            {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}};

    private final Config config;
    private final float[] alphasCumprod;
    private final int stride;
    private final int[] timesteps;
    /** Number of evaluations in Runge-Kutta steps. */
    private final int rungeKutta;

    private Pndm(Config config, int steps) {
        if (!config.skipsRungeKutta && steps < ORDER) {
            throw new SettingException(Message.of(Setting.STEPS, " must be at least ", ORDER,
                    " for the Runge-Kutta steps of ", SamplerMethod.PNDM, ", not ", steps, "; ", SamplerMethod.PLMS,
                    " has none"));
        }
        this.config = config;
        this.alphasCumprod = config.schedule.alphasCumprod();
        int[] t = config.spacing.timesteps(config.schedule.trainTimesteps(), steps);
        this.stride = config.schedule.trainTimesteps() / steps;
        List<Integer> all = new ArrayList<>();
        if (config.skipsRungeKutta) {
            for (int i = 0; i < steps; i++) {
                all.add(t[i]);
                if (i == 1) {
                    all.add(t[i]);
                }
            }
            this.rungeKutta = 0;
        } else {
            for (int i = 0; i < ORDER - 1; i++) { // from t[i], twice the middle, t[i + 1]
                int middle = t[i + 1] + stride / 2;
                all.addAll(List.of(t[i], middle, middle, t[i + 1]));
            }
            this.rungeKutta = all.size();
            for (int i = ORDER - 1; i < steps; i++) {
                all.add(t[i]);
            }
        }
        this.timesteps = all.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public double[] networkTimesteps() {
        return Arrays.stream(timesteps).asDoubleStream().toArray();
    }

    @Override
    public int remembered() {
        return ORDER + 2;
    }

    private double abar(int timestep) {
        return timestep >= 0 ? alphasCumprod[timestep] : config.alphaOne ? 1 : alphasCumprod[0];
    }

    /** {@return coefficients (a, b) in x' = a·x + b·output, where x is at one timestep and x' at another (formula 9)} */
    private double[] transfer(int from, int to) {
        double a = abar(from);
        double b = abar(to);
        double ofOutput = -(b - a) / (a * Math.sqrt(1 - b) + Math.sqrt(a * (1 - a) * b));
        double[] noise = config.prediction.noise(Math.sqrt(a), Math.sqrt(1 - a));
        return new double[]{Math.sqrt(b / a) + ofOutput * noise[0], ofOutput * noise[1]};
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        double a = alphasCumprod[timesteps[step]];
        return sample.sum(config.prediction.clean(Math.sqrt(a), Math.sqrt(1 - a)), output);
    }

    @Override
    public Trajectory start() {
        return new Steps();
    }

    private final class Steps implements Trajectory {
        /** Predictions at the beginnings of the last steps, the newest first. */
        private final List<Latents> predictions = new ArrayList<>();
        /** The latent that a step of several evaluations begins from; null in other steps. */
        private @Nullable Latents begin;
        /** Weighted sum of predictions in a Runge-Kutta step. */
        private @Nullable Latents sum;
        private int step;

        @Override
        public Latents next(Latents sample, Latents output, @Nullable Latents noise) {
            int i = step++;
            if (i < rungeKutta) {
                return rungeKutta(i, sample, output);
            }
            if (config.skipsRungeKutta && i == 1) {
                return improved(sample, output);
            }
            remember(output);
            if (i == 0) {
                begin = sample.sum(new double[]{1});
            }
            return multistep(sample, timesteps[i]);
        }

        private void remember(Latents output) {
            predictions.addFirst(output.sum(new double[]{1}));
            if (predictions.size() > ORDER) {
                predictions.removeLast().close();
            }
        }

        private Latents multistep(Latents sample, int from) {
            double[] weights = MULTISTEP[predictions.size()];
            double[] f = transfer(from, from - stride);
            double[] factors = new double[weights.length + 1];
            factors[0] = f[0];
            for (int k = 0; k < weights.length; k++) {
                factors[1 + k] = f[1] * weights[k];
            }
            return sample.sum(factors, predictions.toArray(Latents[]::new));
        }

        /** The first step again, with the mean of the predictions at both of its ends. */
        private Latents improved(Latents sample, Latents output) {
            double[] f = transfer(timesteps[1] + stride, timesteps[1]);
            try (Latents first = begin == null ? sample : begin) {
                begin = null;
                return first.sum(new double[]{f[0], f[1] / 2, f[1] / 2}, predictions.getFirst(), output);
            }
        }

        private Latents rungeKutta(int i, Latents sample, Latents output) {
            int stage = i % ORDER;
            if (stage == 0) {
                remember(output);
                begin = sample.sum(new double[]{1});
            }
            // diffusers' step leads half a stride, or none, below the timestep of the evaluation
            int to = timesteps[i] - (stage % 2 == 0 ? stride / 2 : 0);
            double[] f = transfer(timesteps[i - stage], to);
            Latents from = begin == null ? sample : begin;
            if (stage < ORDER - 1) {
                accumulate(output, stage == 0 ? 1 / 6.0 : 1 / 3.0);
                return from.sum(f, output);
            }
            try (from; Latents others = sum) {
                begin = null;
                sum = null;
                return others == null
                        ? from.sum(f, output)
                        : from.sum(new double[]{f[0], f[1], f[1] / 6}, others, output);
            }
        }

        private void accumulate(Latents output, double weight) {
            try (Latents before = sum) {
                sum = before == null
                        ? output.sum(new double[]{weight})
                        : before.sum(new double[]{1, weight}, output);
            }
        }

        @Override
        public void close() {
            predictions.forEach(Latents::close);
            predictions.clear();
            if (begin != null) {
                begin.close();
                begin = null;
            }
            if (sum != null) {
                sum.close();
                sum = null;
            }
        }
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
