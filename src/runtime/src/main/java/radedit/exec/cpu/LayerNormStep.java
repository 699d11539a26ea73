package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Layer normalisation: mean, then variance, then the result, row by row while it is in cache. */
final class LayerNormStep implements Step {
    private static final int ROWS_PER_TASK = 16;

    private final int rows;
    private final int channels;
    private final double eps;
    private final float[] gamma;
    private final float[] beta;
    private final int xAt;
    private final int outAt;

    LayerNormStep(int rows, int channels, double eps, float[] gamma, float[] beta, int xAt, int outAt) {
        this.rows = rows;
        this.channels = channels;
        this.eps = eps;
        this.gamma = gamma;
        this.beta = beta;
        this.xAt = xAt;
        this.outAt = outAt;
    }

    @Override
    public long scratch() {
        return L;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        memory.workers().run((rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK, (task, worker) -> {
            for (int r = task * ROWS_PER_TASK; r < Math.min(rows, (task + 1) * ROWS_PER_TASK); r++) {
                row(arena, memory.scratch(worker), r * channels);
            }
        });
    }

    private void row(float[] arena, float[] lanes, int at) {
        int x = xAt + at;
        FloatVector sum = FloatVector.zero(S);
        for (int c = 0; c < channels; c += L) {
            sum = sum.add(FloatVector.fromArray(S, arena, x + c, S.indexInRange(c, channels)));
        }
        float mean = (float) (total(sum, lanes) / channels);
        FloatVector squares = FloatVector.zero(S);
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> m = S.indexInRange(c, channels);
            FloatVector d = FloatVector.fromArray(S, arena, x + c, m).sub(mean, m);
            squares = d.fma(d, squares);
        }
        float inverse = (float) (1 / Math.sqrt(total(squares, lanes) / channels + eps));
        for (int c = 0; c < channels; c += L) {
            VectorMask<Float> m = S.indexInRange(c, channels);
            FloatVector y = FloatVector.fromArray(S, arena, x + c, m).sub(mean).mul(inverse)
                    .fma(FloatVector.fromArray(S, gamma, c), FloatVector.fromArray(S, beta, c));
            y.intoArray(arena, outAt + at + c, m);
        }
    }

    /** The sum of the elements in order; the order of reduceLanes is unspecified. */
    private static double total(FloatVector v, float[] lanes) {
        v.intoArray(lanes, 0);
        double sum = 0;
        for (int i = 0; i < L; i++) {
            sum += lanes[i];
        }
        return sum;
    }
}
