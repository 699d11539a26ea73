package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import radedit.graph.Activation;

/**
 * Group normalisation, optionally with an activation.
 *
 * <p>
 * A task takes a block of pixels and computes, for each channel, their sum and the sum of squared deviations from the
 * block's mean, in two passes while they are in cache. The blocks' moments are then combined in double precision (Chan,
 * Golub and LeVeque, 1979), in order, and a second sweep applies (x - mean) * scale + beta to each channel.
 */
final class GroupNormStep implements Step {
    /** Pixels per block; the rounding of the result depends on it. */
    private static final int BLOCK = 64;

    private final int batch;
    private final int pixels;
    private final int channels;
    private final int groups;
    private final double eps;
    private final float[] gamma;
    private final float[] beta;
    private final Activation activation;
    private final int xAt;
    private final int outAt;
    private final int blocks;

    GroupNormStep(int batch, int pixels, int channels, int groups, double eps, float[] gamma, float[] beta,
            Activation activation, int xAt, int outAt) {
        this.batch = batch;
        this.pixels = pixels;
        this.channels = channels;
        this.groups = groups;
        this.eps = eps;
        this.gamma = gamma;
        this.beta = beta;
        this.activation = activation;
        this.xAt = xAt;
        this.outAt = outAt;
        this.blocks = (pixels + BLOCK - 1) / BLOCK;
    }

    /** Moments [batch][blocks][mean, squares][channels], then [batch][mean, scale][channels]. */
    @Override
    public long shared() {
        return 2L * batch * (blocks + 1) * channels + 2L * L;
    }

    @Override
    public long scratch() {
        return L;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        float[] shared = memory.shared();
        memory.workers().run(batch * blocks, (task, worker) -> moments(arena, shared, task));
        int factors = 2 * batch * blocks * channels;
        memory.workers().run(batch * groups, (task, worker) -> combine(shared, factors, task / groups, task % groups));
        memory.workers().run(batch * blocks,
                (task, worker) -> apply(arena, shared, memory.scratch(worker), factors, task));
    }

    private int count(int block) {
        return Math.min(BLOCK, pixels - block * BLOCK);
    }

    private void moments(float[] arena, float[] shared, int task) {
        int n = count(task % blocks);
        int from = xAt + (task / blocks * pixels + task % blocks * BLOCK) * channels;
        int to = 2 * task * channels;
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> m = S.indexInRange(c, channels);
            FloatVector sum = FloatVector.zero(S);
            for (int p = 0; p < n; p++) {
                sum = sum.add(FloatVector.fromArray(S, arena, from + p * channels + c, m));
            }
            FloatVector mean = sum.mul(1f / n);
            FloatVector squares = FloatVector.zero(S);
            for (int p = 0; p < n; p++) {
                FloatVector d = FloatVector.fromArray(S, arena, from + p * channels + c, m).sub(mean);
                squares = d.fma(d, squares);
            }
            mean.intoArray(shared, to + c, m);
            squares.intoArray(shared, to + channels + c, m);
        }
    }

    private void combine(float[] shared, int factors, int sample, int group) {
        int each = channels / groups;
        double total = 0;
        for (int block = 0; block < blocks; block++) {
            int at = 2 * (sample * blocks + block) * channels + group * each;
            for (int c = 0; c < each; c++) {
                total += (double) shared[at + c] * count(block);
            }
        }
        double mean = total / ((double) pixels * each);
        double squares = 0;
        for (int block = 0; block < blocks; block++) {
            int at = 2 * (sample * blocks + block) * channels + group * each;
            for (int c = 0; c < each; c++) {
                double d = shared[at + c] - mean;
                squares += shared[at + channels + c] + d * d * count(block);
            }
        }
        double inverse = 1 / Math.sqrt(squares / ((double) pixels * each) + eps);
        for (int c = group * each; c < (group + 1) * each; c++) {
            shared[factors + 2 * sample * channels + c] = (float) mean;
            shared[factors + (2 * sample + 1) * channels + c] = (float) (gamma[c] * inverse);
        }
    }

    private void apply(float[] arena, float[] shared, float[] tail, int factors, int task) {
        int n = count(task % blocks);
        int mean = factors + 2 * (task / blocks) * channels;
        int scale = mean + channels;
        int first = (task / blocks * pixels + task % blocks * BLOCK) * channels;
        int whole = S.loopBound(channels);
        for (int p = 0; p < n; p++) {
            int x = xAt + first + p * channels;
            int y = outAt + first + p * channels;
            for (int c = 0; c < whole; c += L) {
                FloatVector.fromArray(S, arena, x + c).sub(FloatVector.fromArray(S, shared, mean + c))
                        .fma(FloatVector.fromArray(S, shared, scale + c), FloatVector.fromArray(S, beta, c))
                        .intoArray(arena, y + c);
            }
            Activations.apply(activation, arena, y, whole);
            if (whole < channels) { // through a buffer, as the elements after the channels belong to the next pixel
                for (int c = whole; c < channels; c++) {
                    tail[c - whole] = Math.fma(arena[x + c] - shared[mean + c], shared[scale + c], beta[c]);
                }
                Activations.apply(activation, tail, 0, channels - whole);
                System.arraycopy(tail, 0, arena, y + whole, channels - whole);
            }
        }
    }
}
