package radedit.exec.cpu;

import java.util.Arrays;

import radedit.safetensors.TensorData;

/**
 * A weight that stays in its mapped file. A block is packed each time it is used. As it serves many rows, this costs
 * only a few percent, and it avoids a second copy of the weights in memory and a wait at start.
 */
final class MappedWeights implements Weights {
    /**
     * Terms decoded at a time: as many as a Winograd step packs, 9 of 64 channels. Long pieces of a row are read faster,
     * even where the staging buffer, 36 kB, exceeds the nearest cache.
     */
    private static final int BLOCK = 576;
    /** Output channels transposed at a time: their part of a packed row is a cache line. */
    private static final int STRIP = 16;

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

    /** Size in floats of the staging buffer of a panel; what follows it in a scratch array is aligned. */
    static int stageSize() {
        return STRIP * BLOCK + Memory.ALIGNED;
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
        int strip = Math.min(width, STRIP);
        for (int done = 0; done < n; done += BLOCK) {
            int m = Math.min(BLOCK, n - done);
            for (int r0 = 0; r0 < width; r0 += strip) {
                int here = Math.clamp(count - r0, 0, strip);
                for (int r = 0; r < here; r++) {
                    data.copyTo((long) (row + r0 + r) * terms + from + done, m, stage, r * BLOCK);
                }
                Arrays.fill(stage, here * BLOCK, strip * BLOCK, 0);
                Transpose.copy(stage, 0, BLOCK, strip, m, to, at + done * width + r0, width);
            }
        }
    }
}
