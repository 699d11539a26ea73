package radedit.exec.tornado;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import radedit.exec.BackendException;
import radedit.exec.BackendOptions.Progress;

/**
 * The arrays on a device and the kernels that work on them. Launches, uploads and downloads take effect in the order in which
 * they are made.
 */
interface Device extends AutoCloseable {
    /**
     * Zeros at the start of the values, from which padding is read. Element 28 is 128 bytes from the start of an array, whose
     * header takes 16: so what follows at multiples of 32 elements begins with a line of the device's caches.
     */
    int ZEROS = 28;

    /** Compiles the kernels that backends with these policies can need and that are not compiled yet. */
    void compile(List<TilePolicy> policies, Set<WeightFormat> formats, Progress progress);

    /**
     * The hash of the source generated for all kernels that backends with these policies can need; it does not depend on what
     * else was compiled.
     */
    String source(List<TilePolicy> policies, Set<WeightFormat> formats);

    /** Number of arrays of weights: the 32-bit ones come first, then the 16-bit ones. */
    int matrices();

    /** Whether an array of weights is 32-bit. */
    boolean isFloat(int arena);

    /** Length of an array of weights, in elements. */
    long length(int arena);

    /**
     * Launches a kernel. It may still run, or not have begun, when this returns.
     *
     * @throws BackendException
     *             if the device fails
     */
    void run(Launch l);

    /** Waits until all launches are done. */
    void finish();

    /** What fills the arrays. */
    Uploads uploads();

    /** Downloads values of a run. */
    float[] read(Offset.Values from, int n);

    /** Downloads latents. */
    float[] readLatents(Offset.Latents from, int n);

    /** Mean time of a launch that copies one element, after as many launches as a few steps of a network. */
    default double secondsACall() {
        int warmUp = 3000;
        Offset.Values first = new Offset.Values(ZEROS);
        Launch nothing = new CopyRows(first, 1, CopyRows.Rows.ALL, first, 1, 1, 1);
        double[] each = new double[1000];
        for (int i = -warmUp; i < each.length; i++) {
            long start = System.nanoTime();
            run(nothing);
            if (i >= 0) {
                each[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        return Arrays.stream(each).average().orElseThrow();
    }

    @Override
    void close();
}
