package radedit.exec.cpu;

/** What the processor can do at best: the micro-kernel on operands that never leave the nearest cache. */
final class PeakStep implements Step {
    private static final int K = 128;
    private static final int REPEATS = 2000;
    private static final int TASKS = 64;
    /** Multiplications and additions of a run. */
    static final double FLOPS = 2.0 * TASKS * REPEATS * K * MicroKernel.ROWS * MicroKernel.WIDTH;

    @Override
    public void run(Memory memory) {
        memory.workers().run(TASKS, (task, worker) -> {
            float[] a = new float[MicroKernel.ROWS * K];
            float[] b = new float[Memory.ALIGNED + K * MicroKernel.WIDTH];
            float[] c = new float[Memory.ALIGNED + MicroKernel.ROWS * MicroKernel.WIDTH];
            int[] row = new int[MicroKernel.ROWS];
            for (int r = 0; r < row.length; r++) {
                row[r] = r * K;
            }
            for (int i = 0; i < REPEATS; i++) {
                MicroKernel.multiply(MicroKernel.WIDTH, K, a, row, b, Memory.ALIGNED, c, Memory.ALIGNED);
            }
        });
    }
}
