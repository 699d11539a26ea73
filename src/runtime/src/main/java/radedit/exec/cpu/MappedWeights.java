package radedit.exec.cpu;

import java.util.Arrays;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import radedit.safetensors.TensorData;

/**
 * A weight that stays in its mapped file. A block is packed each time it is used. As it serves many rows, this costs
 * only a few percent, and it avoids a second copy of the weights in memory and a wait at start.
 */
final class MappedWeights implements Weights {
    /** Terms decoded at a time, so that the staging buffer stays in L1. */
    private static final int BLOCK = 128;
    /** Output channels transposed at a time: their part of a packed row is a cache line. */
    private static final int STRIP = 16;

    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;
    /** Exchanges the halves of a vector of four. */
    private static final VectorShuffle<Float> HALVES = VectorShuffle.fromValues(FOUR, 2, 3, 0, 1);
    /** Exchanges neighbours. */
    private static final VectorShuffle<Float> PAIRS = VectorShuffle.fromValues(FOUR, 1, 0, 3, 2);
    private static final VectorMask<Float> HIGH = VectorMask.fromValues(FOUR, false, false, true, true);
    private static final VectorMask<Float> ODD = VectorMask.fromValues(FOUR, false, true, false, true);

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
        return STRIP * BLOCK;
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
                transpose(stage, strip, m, to, at + done * width + r0, width);
            }
        }
    }

    /** Transposes squares of 4 x 4 elements in registers: first blocks of 2 x 2, then the elements of each. */
    private static void transpose(float[] stage, int rows, int m, float[] to, int at, int width) {
        int whole = m & -4;
        for (int t = 0; t < whole; t += 4) {
            int o = at + t * width;
            for (int r = 0; r < rows; r += 4) {
                FloatVector a = FloatVector.fromArray(FOUR, stage, r * BLOCK + t);
                FloatVector b = FloatVector.fromArray(FOUR, stage, (r + 1) * BLOCK + t);
                FloatVector c = FloatVector.fromArray(FOUR, stage, (r + 2) * BLOCK + t);
                FloatVector d = FloatVector.fromArray(FOUR, stage, (r + 3) * BLOCK + t);
                FloatVector ac = a.blend(c.rearrange(HALVES), HIGH);
                FloatVector ca = a.rearrange(HALVES).blend(c, HIGH);
                FloatVector bd = b.blend(d.rearrange(HALVES), HIGH);
                FloatVector db = b.rearrange(HALVES).blend(d, HIGH);
                ac.blend(bd.rearrange(PAIRS), ODD).intoArray(to, o + r);
                ac.rearrange(PAIRS).blend(bd, ODD).intoArray(to, o + width + r);
                ca.blend(db.rearrange(PAIRS), ODD).intoArray(to, o + 2 * width + r);
                ca.rearrange(PAIRS).blend(db, ODD).intoArray(to, o + 3 * width + r);
            }
        }
        for (int t = whole; t < m; t++) {
            for (int r = 0; r < rows; r++) {
                to[at + t * width + r] = stage[r * BLOCK + t];
            }
        }
    }
}
