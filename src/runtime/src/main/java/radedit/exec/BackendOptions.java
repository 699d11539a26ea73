package radedit.exec;

/**
 * Options of a backend.
 *
 * @param threads
 *            host threads; 0 for one per processor
 * @param fastMath
 *            whether a device's compiler may reorder sums and use approximate functions; GPU backends only
 * @param progress
 *            receives the progress of long preparations
 */
public record BackendOptions(int threads, boolean fastMath, Progress progress) {
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
        return new BackendOptions(n, fastMath, progress);
    }
}
