package radedit.exec.cpu;

import static radedit.exec.cpu.MicroKernel.L;
import static radedit.exec.cpu.MicroKernel.S;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** The GEGLU gate on its own, for where it could not be fused into the product before it. */
final class GegluStep implements Step {
    private final int rows;
    private final int channels;
    private final int xAt;
    private final int outAt;

    /**
     * @param channels
     *            of the result; the input has twice as many
     */
    GegluStep(int rows, int channels, int xAt, int outAt) {
        this.rows = rows;
        this.channels = channels;
        this.xAt = xAt;
        this.outAt = outAt;
    }

    @Override
    public void run(Memory memory) {
        new RowsStep(rows, channels, (arena, r) -> {
            int x = xAt + 2 * r * channels;
            for (int c = 0; c < channels; c += L) {
                VectorMask<Float> m = S.indexInRange(c, channels);
                FloatVector gate = FloatVector.fromArray(S, arena, x + channels + c, m);
                FloatVector.fromArray(S, arena, x + c, m).mul(VectorMath.gelu(gate)).intoArray(arena,
                        outAt + r * channels + c, m);
            }
        }).run(memory);
    }
}
