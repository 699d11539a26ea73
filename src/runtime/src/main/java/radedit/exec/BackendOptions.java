package radedit.exec;

/**
 * How a backend is to work.
 *
 * @param threads
 *            host threads; 0 for one per processor
 * @param fastMath
 *            lets a device's compiler reorder sums and use approximate functions; only a GPU backend can
 * @param progress
 *            hears of preparations that take long
 */
public record BackendOptions(int threads, boolean fastMath, Progress progress) {
    /** Hears of preparations. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param phase
         *            a word for what is going on
         */
        void step(String phase, int done, int total);
    }

    /** Strict arithmetic, no reports. */
    public static BackendOptions threads(int threads) {
        return new BackendOptions(threads, false, (phase, done, total) -> {});
    }

    /** The same with so many threads. */
    BackendOptions withThreads(int n) {
        return new BackendOptions(n, fastMath, progress);
    }
}
