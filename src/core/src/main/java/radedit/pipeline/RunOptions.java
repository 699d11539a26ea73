package radedit.pipeline;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.message.Setting;

/**
 * How to run.
 *
 * @param backend
 *            auto, cpu, tornado or reference
 * @param threads
 *            processor threads; 0 for one per processor
 * @param batch
 *            latents the UNet sees at once; 0 to let memory decide
 * @param fastMath
 *            lets a GPU's compiler reorder sums and use approximate functions; results then leave the accuracy rule
 * @param vaeTile
 *            rows of the picture that the VAE works on at a time, with less memory and the same result; 0 for all
 */
public record RunOptions(String backend, int threads, int batch, boolean fastMath, int vaeTile) {
    public static final RunOptions DEFAULT = new RunOptions(Backends.AUTO, 0, 0);
    /** The largest batch, and number of threads. */
    public static final int MOST_AT_ONCE = 1024;
    /** The largest height and width of a picture. */
    public static final int LARGEST = 1 << 14;

    /**
     * @throws InvalidRequestException
     *             if a number is out of range
     */
    public RunOptions {
        Requests.check(threads >= 0 && threads <= MOST_AT_ONCE, Setting.THREADS, " must be from 0 to ", MOST_AT_ONCE,
                ", not ", threads);
        Requests.check(batch >= 0 && batch <= MOST_AT_ONCE, Setting.BATCH, " must be from 0 to ", MOST_AT_ONCE,
                ", not ", batch);
        Requests.check(vaeTile >= 0, Setting.VAE_TILE, " must be a number of rows, not ", vaeTile);
        Requests.check(!fastMath || Backends.withFastMath().contains(backend), Setting.FAST_MATH, " is for ",
                Setting.BACKEND, " " + String.join(" or ", Backends.withFastMath()) + " only");
    }

    /** With strict arithmetic and a VAE that works on whole pictures. */
    public RunOptions(String backend, int threads, int batch) {
        this(backend, threads, batch, false, 0);
    }

    /**
     * Opens the backend.
     *
     * @throws radedit.exec.BackendException
     *             if it cannot run here
     */
    public Backend open(Listener listener) {
        return Backends.open(backend, new BackendOptions(threads, fastMath, listener::progress));
    }
}
