package radedit.exec;

import org.jspecify.annotations.Nullable;

/**
 * Options of a backend.
 *
 * @param threads
 *            host threads; 0 for one per processor
 * @param fastMath
 *            whether a device's compiler may reorder sums and use approximate functions; GPU backends only
 * @param progress
 *            receives the progress of long preparations
 * @param rounding
 *            rounds every result of the networks at random; the reference backend only; null, as usual, for the
 *            backend's own arithmetic
 */
public record BackendOptions(int threads, boolean fastMath, Progress progress, @Nullable StochasticRounding rounding) {
    /** Receives the progress of long preparations, such as compiling kernels. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after each step of a preparation.
         *
         * @param phase
         *            a word for the kind of work
         * @param done
         *            steps that are done
         * @param total
         *            all steps of the phase
         */
        void step(String phase, int done, int total);
    }

    /**
     * Options without stochastic rounding.
     *
     * @param threads
     *            host threads; 0 for one per processor
     * @param fastMath
     *            whether a device's compiler may reorder sums and use approximate functions; GPU backends only
     * @param progress
     *            receives the progress of long preparations
     */
    public BackendOptions(int threads, boolean fastMath, Progress progress) {
        this(threads, fastMath, progress, null);
    }

    /**
     * {@return options with strict arithmetic and no progress reports}
     *
     * @param threads
     *            host threads; 0 for one per processor
     */
    public static BackendOptions threads(int threads) {
        return new BackendOptions(threads, false, (phase, done, total) -> {});
    }

    /** These options with another number of threads. */
    BackendOptions withThreads(int n) {
        return new BackendOptions(n, fastMath, progress, rounding);
    }

    /**
     * {@return these options with every result of the networks rounded at random}
     *
     * @param how
     *            precision and random numbers
     */
    public BackendOptions withRounding(StochasticRounding how) {
        return new BackendOptions(threads, fastMath, progress, how);
    }
}
