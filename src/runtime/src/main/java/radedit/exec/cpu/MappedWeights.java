package radedit.exec.cpu;

import java.util.Arrays;

import radedit.safetensors.TensorData;

/**
 * A weight that stays in its mapped file. A block is packed each time it is used. As it serves many rows, this costs
 * only a few percent, and it avoids a second copy of the weights in memory and a wait at start.
 */
final class MappedWeights implements Weights {
    /** Terms decoded at a time, so that the staging buffer stays in L1. */
    private static final int BLOCK = 64;

    private final TensorData data;
    private final int rows;
    private final int terms;

    /**
     * @param data
     *            [out, ...]
     */
    MappedWeights(TensorData data) {
        this.data = data;
        this.rows = data.shape().dim(0);
        this.terms = Math.toIntExact(data.shape().elements() / rows);
    }

    /** Size in floats of the staging buffer of a panel. */
    static int stageSize() {
        return MicroKernel.WIDTH * BLOCK;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int terms() {
        return terms;
    }

    @Override
    public void pack(int row, int count, int width, int from, int n, float[] stage, float[] to, int at) {
        Arrays.fill(stage, count * BLOCK, width * BLOCK, 0);
        for (int done = 0; done < n; done += BLOCK) {
            int m = Math.min(BLOCK, n - done);
            for (int r = 0; r < count; r++) {
                data.copyTo((long) (row + r) * terms + from + done, m, stage, r * BLOCK);
            }
            transpose(stage, width, m, to, at + done * width);
        }
    }

    private static void transpose(float[] stage, int width, int m, float[] to, int at) {
        for (int t = 0; t < m; t++) {
            int o = at + t * width;
            for (int r = 0; r < width; r += 4) {
                to[o + r] = stage[r * BLOCK + t];
                to[o + r + 1] = stage[(r + 1) * BLOCK + t];
                to[o + r + 2] = stage[(r + 2) * BLOCK + t];
                to[o + r + 3] = stage[(r + 3) * BLOCK + t];
            }
        }
    }
}
