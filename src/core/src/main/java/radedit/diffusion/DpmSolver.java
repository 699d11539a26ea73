package radedit.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * Multistep DPM-Solver++ (Lu et al., arXiv:2211.01095, algorithm 2 and appendix B; SDE: formulas 18 and 19) and DPM-Solver
 * (Lu et al., arXiv:2206.00927) of order 1 to 3: an exponential integrator in lambda = log(alpha / sigma), with the network's
 * last predictions as a polynomial. DPMSolverMultistepScheduler of diffusers.
 */
public final class DpmSolver implements Sampler {
    /** What the integral is of, and whether noise is added. */
    public enum Algorithm {
        /** The probability flow ODE, for the prediction of x0. */
        DPM_SOLVER_PP("dpmsolver++", true, false),
        /** The reverse SDE, for the prediction of x0. */
        SDE_DPM_SOLVER_PP("sde-dpmsolver++", true, true),
        /** The probability flow ODE, for the prediction of the noise. */
        DPM_SOLVER("dpmsolver", false, false),
        /** The reverse SDE, for the prediction of the noise. */
        SDE_DPM_SOLVER("sde-dpmsolver", false, true);

        private final String word;
        private final boolean ofClean;
        private final boolean isStochastic;

        Algorithm(String word, boolean ofClean, boolean isStochastic) {
            this.word = word;
            this.ofClean = ofClean;
            this.isStochastic = isStochastic;
        }

        /** {@return the name in diffusers} */
        @Override
        public String toString() {
            return word;
        }
    }

    /**
     * The settings of a DPMSolverMultistepScheduler.
     *
     * @param schedule
     *            the noise schedule
     * @param prediction
     *            what the network predicts
     * @param spacing
     *            how timesteps are chosen
     * @param sigmas
     *            how noise levels are chosen
     * @param toZero
     *            whether the last step leads to the noise level 0; only for predictions of x0
     * @param thresholding
     *            applied to predicted clean latents
     * @param algorithm
     *            the equation that is solved
     * @param order
     *            1 to 3
     * @param midpoint
     *            whether the second order is the midpoint rule, rather than Heun's
     * @param lowerOrderFinal
     *            whether the last steps have lower orders, if there are fewer than 15
     * @param eulerAtFinal
     *            whether the last step has order 1
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing, SigmaSpacing sigmas,
            boolean toZero, Thresholding thresholding, Algorithm algorithm, int order, boolean midpoint,
            boolean lowerOrderFinal, boolean eulerAtFinal) implements SamplerConfig {
        @Override
        public DpmSolver sampler(int steps) {
            return new DpmSolver(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return algorithm.isStochastic ? SamplerMethod.DPM_2M_SDE : SamplerMethod.DPM_2M;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> m = ConfigFields.of("DPMSolverMultistepScheduler", schedule, prediction, spacing);
            ConfigFields.putSigmas(m, sigmas, toZero);
            ConfigFields.putThreshold(m, thresholding);
            m.put("algorithm_type", algorithm.toString());
            m.put("solver_order", order);
            m.put("solver_type", midpoint ? "midpoint" : "heun");
            m.put("lower_order_final", lowerOrderFinal);
            m.put("euler_at_final", eulerAtFinal);
            return m;
        }
    }

    /** Number of steps below which the last ones may have lower orders. */
    private static final int FEW_STEPS = 15;

    private final Config config;
    private final NoiseLevels levels;

    private DpmSolver(Config config, int steps) {
        this.config = config;
        this.levels = NoiseLevels.ofDpmSolver(config.schedule, config.spacing,
                new NoiseLevels.Settings(config.sigmas, config.toZero, Double.NaN, Double.NaN), steps);
    }

    @Override
    public double[] networkTimesteps() {
        return levels.timesteps();
    }

    @Override
    public boolean drawsNoise(int step) {
        return config.algorithm.isStochastic;
    }

    @Override
    public int remembered() {
        return config.order;
    }

    /** {@return the order of a step} */
    private int order(int i) {
        int n = levels.steps();
        boolean few = config.lowerOrderFinal && n < FEW_STEPS;
        boolean simple = i == n - 1 && (config.eulerAtFinal || few || config.toZero);
        int most = simple ? 1 : i == n - 2 && few ? 2 : 3;
        return Math.min(config.order, Math.min(i + 1, most));
    }

    /**
     * {@return the factors of a step: of the latent, of the last predictions, the newest first, and, in an SDE, of the noise}
     */
    private double[] factors(int i) {
        double h = levels.h(i);
        double q = levels.ratio(i);
        int order = order(i);
        double[] f = new double[order + 1 + (config.algorithm.isStochastic ? 1 : 0)];
        if (h == 0) {
            f[0] = 1;
            return f;
        }
        double[] d = differences(i, h, q);
        f[0] = ofLatent(i, q);
        f[1] = d[0];
        if (order == 2) {
            double r0 = levels.h(i - 1) / h;
            f[1] += d[1] / r0;
            f[2] = -d[1] / r0;
        } else if (order == 3) {
            double r0 = levels.h(i - 1) / h;
            double r1 = levels.h(i - 2) / h;
            double newer = d[2] * (1 + r0 / (r0 + r1)) + d[3] / (r0 + r1);
            double older = -d[2] * r0 / (r0 + r1) - d[3] / (r0 + r1);
            f[1] += newer / r0;
            f[2] = -newer / r0 + older / r1;
            f[3] = -older / r1;
        }
        if (config.algorithm.isStochastic) {
            f[order + 1] = levels.noise(i + 1)
                    * Math.sqrt(config.algorithm.ofClean ? 1 - q * q : 1 / (q * q) - 1);
        }
        return f;
    }

    private double ofLatent(int i, double q) {
        return switch (config.algorithm) {
            case DPM_SOLVER_PP -> levels.noise(i + 1) / levels.noise(i);
            case SDE_DPM_SOLVER_PP -> levels.noise(i + 1) / levels.noise(i) * q;
            case DPM_SOLVER, SDE_DPM_SOLVER -> levels.alpha(i + 1) / levels.alpha(i);
        };
    }

    /**
     * {@return the factors of the prediction, of its first difference in a step of order 2 and of order 3, and of its second
     * difference}
     */
    private double[] differences(int i, double h, double q) {
        double alpha = levels.alpha(i + 1);
        double sigma = levels.noise(i + 1);
        double[] d = switch (config.algorithm) {
            case DPM_SOLVER_PP -> new double[]{-alpha * (q - 1), 0, alpha * ((q - 1) / h + 1),
                    -alpha * ((q - 1 + h) / (h * h) - 0.5)};
            case SDE_DPM_SOLVER_PP -> new double[]{alpha * (1 - q * q), 0, alpha * ((1 - q * q) / (-2 * h) + 1),
                    alpha * ((1 - q * q - 2 * h) / (4 * h * h) - 0.5)};
            case DPM_SOLVER -> new double[]{-sigma * (1 / q - 1), 0, -sigma * ((1 / q - 1) / h - 1),
                    -sigma * ((1 / q - 1 - h) / (h * h) - 0.5)};
            case SDE_DPM_SOLVER -> new double[]{-2 * sigma * (1 / q - 1), 0, -2 * sigma * ((1 / q - 1) / h - 1), 0};
        };
        d[1] = config.midpoint ? 0.5 * d[0] : d[2];
        return d;
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        return config.thresholding
                .apply(sample.sum(config.prediction.clean(levels.alpha(step), levels.noise(step)), output));
    }

    /** {@return the prediction in the form that the algorithm integrates} */
    private Latents converted(Latents sample, Latents output, int step) {
        if (config.algorithm.ofClean) {
            return clean(sample, output, step);
        }
        if (config.thresholding instanceof Thresholding.None) {
            return sample.sum(config.prediction.noise(levels.alpha(step), levels.noise(step)), output);
        }
        try (Latents x0 = clean(sample, output, step)) {
            return sample.sum(Prediction.SAMPLE.noise(levels.alpha(step), levels.noise(step)), x0);
        }
    }

    @Override
    public Trajectory start() {
        return new Steps();
    }

    private final class Steps implements Trajectory {
        /** The last predictions, the newest first. */
        private final List<Latents> predictions = new ArrayList<>();
        private int step;

        @Override
        public Latents next(Latents sample, Latents output, @Nullable Latents noise) {
            predictions.addFirst(converted(sample, output, step));
            List<Latents> terms = new ArrayList<>(predictions.subList(0, order(step)));
            if (noise != null) {
                terms.add(noise);
            }
            Latents after = sample.sum(factors(step++), terms.toArray(Latents[]::new));
            if (predictions.size() == config.order) {
                predictions.removeLast().close();
            }
            return after;
        }

        @Override
        public void close() {
            predictions.forEach(Latents::close);
            predictions.clear();
        }
    }

    @Override
    public List<String> columns() {
        return NoiseLevels.COLUMNS;
    }

    @Override
    public Tensor coefficients() {
        return levels.table(this::order);
    }
}
