package radedit.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Latents;
import radedit.tensor.Tensor;

/**
 * UniPC (Zhao et al., arXiv:2302.04867, algorithms 1 to 4): a multistep predictor, and a corrector that takes the network's
 * output at the predicted latent into account, without another evaluation. UniPCMultistepScheduler of diffusers.
 */
public final class UniPc implements Sampler {
    /**
     * The settings of a UniPCMultistepScheduler.
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
     *            whether the last step leads to the noise level 0
     * @param leastSigma
     *            the smallest level unless levels are those of timesteps; NaN for that of the schedule
     * @param mostSigma
     *            likewise the largest
     * @param thresholding
     *            applied to predicted clean latents
     * @param ofClean
     *            whether the integral is of the prediction of x0, rather than of the noise
     * @param order
     *            order of the predictor, 1 or more
     * @param bh2
     *            whether B(h) is e^h - 1, rather than h
     * @param lowerOrderFinal
     *            whether the last steps have lower orders
     * @param uncorrected
     *            indices of steps whose result is not corrected
     */
    public record Config(NoiseSchedule schedule, Prediction prediction, TimestepSpacing spacing, SigmaSpacing sigmas,
            boolean toZero, double leastSigma, double mostSigma, Thresholding thresholding, boolean ofClean, int order,
            boolean bh2, boolean lowerOrderFinal, SortedSet<Integer> uncorrected) implements SamplerConfig {
        /** Checks that no step divides by zero. */
        public Config {
            if (toZero && (!ofClean || order > 1 && !lowerOrderFinal)) {
                throw new IllegalArgumentException("the noise level 0 needs predictions of x0 and lower_order_final");
            }
            uncorrected = new TreeSet<>(uncorrected);
        }

        @Override
        public UniPc sampler(int steps) {
            return new UniPc(this, steps);
        }

        @Override
        public SamplerMethod method() {
            return SamplerMethod.UNIPC;
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> m = ConfigFields.of("UniPCMultistepScheduler", schedule, prediction, spacing);
            ConfigFields.putSigmas(m, sigmas, toZero);
            ConfigFields.putRange(m, leastSigma, mostSigma);
            ConfigFields.putThreshold(m, thresholding);
            m.put("predict_x0", ofClean);
            m.put("solver_order", order);
            m.put("solver_type", bh2 ? "bh2" : "bh1");
            m.put("lower_order_final", lowerOrderFinal);
            m.put("disable_corrector", List.copyOf(uncorrected));
            return m;
        }
    }

    private final Config config;
    private final NoiseLevels levels;

    private UniPc(Config config, int steps) {
        this.config = config;
        this.levels = NoiseLevels.ofUniPc(config.schedule, config.spacing,
                new NoiseLevels.Settings(config.sigmas, config.toZero, config.leastSigma, config.mostSigma), steps);
    }

    @Override
    public double[] networkTimesteps() {
        return levels.timesteps();
    }

    @Override
    public int remembered() {
        return config.order + 2;
    }

    /** {@return the order of a step, and of the corrector of its result} */
    private int order(int i) {
        return Math.min(Math.min(config.order, i + 1),
                config.lowerOrderFinal ? levels.steps() - i : config.order);
    }

    /**
     * {@return the factors by which the latent before step i, and the predictions of that step and of those before it, the
     * newest first, make the latent after it; with the corrector, the last is the factor of the prediction after the step}
     */
    private double[] factors(int i, boolean corrector) {
        int order = order(i);
        double[] f = new double[1 + order + (corrector ? 1 : 0)];
        double q = levels.ratio(i);
        if (q == 1) {
            f[0] = 1;
            return f;
        }
        double scale;
        double growth; // e^hh - 1, formula 6 and below
        double hh;
        if (config.ofClean) {
            f[0] = levels.noise(i + 1) / levels.noise(i);
            scale = levels.alpha(i + 1);
            growth = q - 1;
            hh = -levels.h(i);
        } else {
            f[0] = levels.alpha(i + 1) / levels.alpha(i);
            scale = levels.noise(i + 1);
            growth = 1 / q - 1;
            hh = levels.h(i);
        }
        f[1] = -scale * growth;
        if (order == 1 && !corrector) {
            return f;
        }
        double b = config.bh2 ? growth : hh;
        double[] ratios = ratios(i, order);
        double[] rho = weights(ratios, growth, hh, b, corrector);
        for (int k = 0; k < rho.length; k++) {
            double factor = -scale * b * rho[k] / ratios[k];
            f[1] -= factor;
            f[2 + k] = factor;
        }
        return f;
    }

    /** {@return (lambda of an earlier step - lambda of step i) / h for each earlier step, the newest first, and 1} */
    private double[] ratios(int i, int order) {
        double[] r = new double[order];
        for (int k = 1; k < order; k++) {
            r[k - 1] = Math.log(levels.sigma(i) / levels.sigma(i - k)) / levels.h(i);
        }
        r[order - 1] = 1;
        return r;
    }

    /** {@return the weights of the differences: a solution of R(h) rho = phi(h) / B(h), formulas 5 and 7} */
    private double[] weights(double[] ratios, double growth, double hh, double b, boolean corrector) {
        int n = corrector ? ratios.length : ratios.length - 1;
        if (corrector ? n == 1 : ratios.length == 2) {
            return new double[]{0.5};
        }
        double[][] system = new double[n][n + 1];
        double phi = growth / hh - 1;
        double factorial = 1;
        for (int row = 0; row < n; row++) {
            for (int k = 0; k < n; k++) {
                system[row][k] = Math.pow(ratios[k], row);
            }
            system[row][n] = phi * factorial / b;
            factorial *= row + 2;
            phi = phi / hh - 1 / factorial;
        }
        return solved(system);
    }

    /** {@return the solution of linear equations, whose right-hand sides are in the last column} */
    private static double[] solved(double[][] a) {
        int n = a.length;
        for (int c = 0; c < n; c++) {
            int pivot = c;
            for (int r = c + 1; r < n; r++) {
                pivot = Math.abs(a[r][c]) > Math.abs(a[pivot][c]) ? r : pivot;
            }
            double[] row = a[pivot];
            a[pivot] = a[c];
            a[c] = row;
            for (int r = 0; r < n; r++) {
                double factor = r == c ? 0 : a[r][c] / row[c];
                for (int k = c; k <= n; k++) {
                    a[r][k] -= factor * row[k];
                }
            }
        }
        double[] x = new double[n];
        for (int r = 0; r < n; r++) {
            x[r] = a[r][n] / a[r][r];
        }
        return x;
    }

    @Override
    public Latents clean(Latents sample, Latents output, int step) {
        return config.thresholding
                .apply(sample.sum(config.prediction.clean(levels.alpha(step), levels.noise(step)), output));
    }

    private Latents converted(Latents sample, Latents output, int step) {
        return config.ofClean
                ? clean(sample, output, step)
                : sample.sum(config.prediction.noise(levels.alpha(step), levels.noise(step)), output);
    }

    @Override
    public Trajectory start() {
        return new Steps();
    }

    private final class Steps implements Trajectory {
        /** The last predictions, the newest first. */
        private final List<Latents> predictions = new ArrayList<>();
        /** The latent before the last step, as corrected; null before the first. */
        private @Nullable Latents last;
        private int step;

        @Override
        public Latents next(Latents sample, Latents output, @Nullable Latents noise) {
            Latents prediction = converted(sample, output, step);
            Latents corrected = last == null || config.uncorrected.contains(step - 1)
                    ? sample.sum(new double[]{1})
                    : combined(last, factors(step - 1, true), prediction);
            if (last != null) {
                last.close();
            }
            last = corrected;
            predictions.addFirst(prediction);
            if (predictions.size() > config.order) {
                predictions.removeLast().close();
            }
            return combined(corrected, factors(step++, false), null);
        }

        /** {@return the weighted sum of a latent and predictions} */
        private Latents combined(Latents x, double[] factors, @Nullable Latents newest) {
            int earlier = factors.length - 1 - (newest == null ? 0 : 1);
            List<Latents> terms = new ArrayList<>(predictions.subList(0, earlier));
            if (newest != null) {
                terms.add(newest);
            }
            return x.sum(factors, terms.toArray(Latents[]::new));
        }

        @Override
        public void close() {
            predictions.forEach(Latents::close);
            predictions.clear();
            if (last != null) {
                last.close();
                last = null;
            }
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
