package radedit.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.exec.StochasticRounding;
import radedit.tensor.Tensor;

/**
 * Monte Carlo arithmetic: computes the same several times, each time with other random roundings of every operation of
 * the networks. What differs between the samples is what the arithmetic does not determine. The host's arithmetic
 * (sampler, guidance, masks) is in double precision and not rounded.
 *
 * @param samples
 *            how often to compute, 2 to {@value #MAX_SAMPLES}
 * @param bits
 *            precision of the results of operations, as {@link StochasticRounding#bits}
 * @param seed
 *            seed of the roundings
 * @param threads
 *            threads; 0 for one per processor; no result depends on it
 */
public record MonteCarlo(int samples, int bits, long seed, int threads) {
    /** The largest number of samples. */
    public static final int MAX_SAMPLES = 10_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException
     *             if one is out of range
     */
    public MonteCarlo {
        if (samples < 2 || samples > MAX_SAMPLES) {
            throw new IllegalArgumentException(
                    "the number of samples must be from 2 to " + MAX_SAMPLES + ", not " + samples);
        }
        rounding(bits, seed, 0); // checks the precision
    }

    private static StochasticRounding rounding(int bits, long seed, int sample) {
        return new StochasticRounding(bits, seed, sample);
    }

    /**
     * Computes all samples.
     *
     * @param work
     *            computes tensors by name on a backend; given the number of the sample, from 0, too
     * @return the significant digits of each tensor, by name
     * @throws IllegalArgumentException
     *             if samples have different names or shapes
     */
    public Map<String, SignificantDigits> run(BiFunction<Backend, Integer, Map<String, Tensor>> work) {
        Map<String, SignificantDigits> all = new LinkedHashMap<>();
        for (int k = 0; k < samples; k++) {
            BackendOptions options = BackendOptions.threads(threads).withRounding(rounding(bits, seed, k));
            try (Backend backend = Backends.open("reference", options)) {
                work.apply(backend, k).forEach(
                        (name, t) -> all.computeIfAbsent(name, n -> new SignificantDigits(t.shape(), bits)).add(t));
            }
        }
        return all;
    }
}
