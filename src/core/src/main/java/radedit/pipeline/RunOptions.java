package radedit.pipeline;

import java.util.List;

import radedit.exec.Backend;
import radedit.exec.BackendOptions;
import radedit.exec.Backends;
import radedit.message.Setting;
import radedit.tensor.Precision;

/**
 * How networks run.
 *
 * @param backend
 *            auto, cpu, tornado or reference
 * @param threads
 *            CPU threads, 0 to {@value #MAX_THREADS}; 0 for one per processor
 * @param batch
 *            latents per run of the UNet, 0 to {@value #MAX_BATCH}; 0 to choose by the memory available
 * @param fastMath
 *            lets a GPU's compiler reorder sums and use approximate functions; results may then violate the accuracy
 *            rule
 * @param vaeTile
 *            rows of the picture that the VAE processes at a time, with less memory and the same result; 0 for all
 * @param reuse
 *            whether the UNet computes once what does not depend on the step, or not on the prompt; the result is the same
 *            to the bit
 * @param emulated
 *            to what the operands of every GEMM are rounded, as tensor cores read them; the result is an approximation
 */
public record RunOptions(String backend, int threads, int batch, boolean fastMath, int vaeTile, boolean reuse,
        Precision emulated) {
    /** The best backend there is, with all processors, strict arithmetic and a batch chosen by the memory available. */
    public static final RunOptions DEFAULT = new RunOptions(Backends.AUTO, 0, 0);
    /** The largest number of threads. */
    public static final int MAX_THREADS = 1024;
    /** The largest batch. */
    public static final int MAX_BATCH = 1024;
    /** The largest height and width of a picture, in pixels. */
    public static final int MAX_SIDE = 1 << 14;

    /**
     * Checks the options.
     *
     * @throws InvalidRequestException
     *             if a number is out of range, or the backend has no fast math
     */
    public RunOptions {
        RequestChecks.check(threads >= 0 && threads <= MAX_THREADS, Setting.THREADS, " must be from 0 to ", MAX_THREADS,
                ", not ", threads);
        RequestChecks.check(batch >= 0 && batch <= MAX_BATCH, Setting.BATCH, " must be from 0 to ", MAX_BATCH,
                ", not ", batch);
        RequestChecks.check(vaeTile >= 0, Setting.VAE_TILE, " must be a number of rows, not ", vaeTile);
        if (fastMath) { // looking backends up takes time
            List<String> able = Backends.withFastMath();
            RequestChecks.check(able.contains(backend), Setting.FAST_MATH, " is for ", Setting.BACKEND,
                    " " + String.join(" or ", able) + " only");
        }
    }

    /**
     * Creates options with strict arithmetic and a VAE that processes whole pictures.
     *
     * @param backend
     *            auto, cpu, tornado or reference
     * @param threads
     *            CPU threads; 0 for one per processor
     * @param batch
     *            latents per run of the UNet; 0 to choose by the memory available
     */
    public RunOptions(String backend, int threads, int batch) {
        this(backend, threads, batch, false, 0, true, Precision.NONE);
    }

    /** {@return these options without reuse} */
    public RunOptions withoutReuse() {
        return new RunOptions(backend, threads, batch, fastMath, vaeTile, false, emulated);
    }

    /**
     * {@return these options with the operands of every GEMM rounded, while products and sums stay as the backend does them}
     *
     * @param to
     *            to what they are rounded; {@link Precision#NONE} for no rounding
     * @throws InvalidRequestException
     *             if the backend cannot do so
     */
    public RunOptions emulating(Precision to) {
        return new RunOptions(backend, threads, batch, fastMath, vaeTile, reuse, to);
    }

    /**
     * Creates options with reuse.
     *
     * @param backend
     *            auto, cpu, tornado or reference
     * @param threads
     *            CPU threads; 0 for one per processor
     * @param batch
     *            latents per run of the UNet; 0 to choose by the memory available
     * @param fastMath
     *            lets a GPU's compiler reorder sums and use approximate functions
     * @param vaeTile
     *            rows of the picture that the VAE processes at a time; 0 for all
     */
    public RunOptions(String backend, int threads, int batch, boolean fastMath, int vaeTile) {
        this(backend, threads, batch, fastMath, vaeTile, true, Precision.NONE);
    }

    /**
     * Opens the backend.
     *
     * @param listener
     *            receives the progress of preparations
     * @return the backend; the caller closes it
     * @throws radedit.exec.BackendException
     *             if it cannot run here
     */
    public Backend open(Listener listener) {
        return Backends.open(backend, new BackendOptions(threads, fastMath, listener::progress).withEmulated(emulated));
    }
}
