package radedit.undertest;

import java.time.Duration;

/**
 * How a model runs.
 *
 * @param threads
 *            of one evaluation, 1 to 1024
 * @param batch
 *            the most films that are evaluated at once, 1 to 1024
 * @param timeout
 *            the longest that one batch may take
 */
public record ModelOptions(int threads, int batch, Duration timeout) {
    /** One thread for each processor, 8 films, 10 minutes. */
    public static final ModelOptions DEFAULT = new ModelOptions(
            Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 1024), 8, Duration.ofMinutes(10));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException
     *             if one is out of its range, or the time not positive
     */
    public ModelOptions {
        if (threads < 1 || threads > 1024 || batch < 1 || batch > 1024 || !timeout.isPositive()) {
            throw new IllegalArgumentException(threads + " threads, batches of " + batch + ", " + timeout);
        }
    }
}
