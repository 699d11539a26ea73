package radedit.exec;

import org.jspecify.annotations.Nullable;

import radedit.tensor.Precision;

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
 * @param emulated
 *            to what the operands of GEMMs are rounded
 */
public record BackendOptions(int threads, boolean fastMath, Progress progress, @Nullable StochasticRounding rounding,
        Precision emulated) {
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
     * Options without any rounding of their own.
     *
     * @param threads
     *            host threads; 0 for one per processor
     * @param fastMath
     *            whether a device's compiler may reorder sums and use approximate functions; GPU backends only
     * @param progress
     *            receives the progress of long preparations
     */
    public BackendOptions(int threads, boolean fastMath, Progress progress) {
        this(threads, fastMath, progress, null, Precision.NONE);
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
        return new BackendOptions(n, fastMath, progress, rounding, emulated);
    }

    /**
     * {@return these options with every result of the networks rounded at random}
     *
     * @param how
     *            precision and random numbers
     */
    public BackendOptions withRounding(StochasticRounding how) {
        return new BackendOptions(threads, fastMath, progress, how, emulated);
    }

    /**
     * {@return these options with the operands of every GEMM rounded}
     *
     * @param to
     *            to what they are rounded; see {@link radedit.graph.RoundedOperands}
     */
    public BackendOptions withEmulated(Precision to) {
        return new BackendOptions(threads, fastMath, progress, rounding, to);
    }
}
