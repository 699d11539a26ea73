package radedit.exec.cpu;

/** The GEGLU gate as an operation of its own, where it could not be fused into the preceding GEMM. */
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
    public long scratch() {
        return (long) channels + MicroKernel.L;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        memory.workers().run(rows, (row, worker) -> {
            float[] gate = memory.scratch(worker);
            int x = xAt + 2 * row * channels;
            System.arraycopy(arena, x + channels, gate, 0, channels);
            Activations.gelu(gate, 0, channels);
            for (int c = 0; c < channels; c++) {
                arena[outAt + row * channels + c] = arena[x + c] * gate[c];
            }
        });
    }
}
