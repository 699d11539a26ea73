package radedit.exec.tornado;

import java.util.Arrays;

import radedit.exec.BackendException;
import radedit.exec.BackendOptions.Progress;

/**
 * The arrays on a device and the kernels that work on them. Launches, uploads and downloads take effect in the order in which
 * they are made.
 */
interface Device extends AutoCloseable {
    /**
     * Number of zeros at the start of the values, from which padding is read. An array's header takes 16 bytes, so element 28
     * is at byte 128, and everything at multiples of 32 elements after it begins a cache line.
     */
    int ZEROS = 28;

    /** Compiles the kernels that backends with these needs may use, unless they are compiled already. */
    void compile(KernelNeeds needs, Progress progress);

    /**
     * Hash of the source generated for all kernels that backends with these needs may use. It does not depend on what else
     * was compiled.
     */
    String source(KernelNeeds needs);

    /** Number of weight arrays: the 32-bit arrays come first, then the 16-bit arrays. */
    int matrices();

    /** Whether a weight array is 32-bit. */
    boolean isFloat(int arena);

    /** Length of a weight array, in elements. */
    long length(int arena);

    /**
     * Launches a kernel. It may not have finished, or even begun, when this returns.
     *
     * @throws BackendException
     *             if the device fails
     */
    void run(Launch l);

    /** Waits until all launches are done. */
    void finish();

    /** Uploads to the arrays. */
    Uploads uploads();

    /** Downloads values of a run. */
    float[] read(Offset.Values from, int n);

    /** Downloads latents. */
    float[] readLatents(Offset.Latents from, int n);

    /** Mean time in seconds of a launch that copies one element, measured after as many launches as a few UNet steps have. */
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
