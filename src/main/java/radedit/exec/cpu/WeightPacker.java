package radedit.exec.cpu;

import java.util.Arrays;

import radedit.weights.TensorData;

/**
 * Brings a block of a weight from the mapped file into the layout the micro-kernel reads: for each term of the sum, the
 * output channels of one panel side by side.
 *
 * <p>
 * Weights are packed each time they are used. A block is used for many rows, so this costs a few percent, and in return
 * there is no second copy of the weights in memory and nothing to wait for at start.
 */
final class WeightPacker {
    /** Terms that are brought over at a time, so that the staging area stays in the nearest cache. */
    private static final int BLOCK = 64;

    private WeightPacker() {
    }

    /** Floats that {@code stage} needs for a panel. */
    static int stageSize() {
        return MicroKernel.WIDTH * BLOCK;
    }

    /**
     * Packs columns of a matrix stored [rows][terms]: {@code to[at + t * width + r]} becomes element
     * {@code (row + r, from + t)}.
     *
     * @param count
     *            rows that exist; the rest of the panel becomes zero
     */
    static void pack(TensorData weight, int terms, int row, int count, int width, int from, int n, float[] stage,
            float[] to, int at) {
        Arrays.fill(stage, count * BLOCK, width * BLOCK, 0);
        for (int done = 0; done < n; done += BLOCK) {
            int m = Math.min(BLOCK, n - done);
            for (int r = 0; r < count; r++) {
                weight.copyTo((long) (row + r) * terms + from + done, m, stage, r * BLOCK);
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
