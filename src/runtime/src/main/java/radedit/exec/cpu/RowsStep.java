package radedit.exec.cpu;

/**
 * An operation that computes the rows of its result one by one and is too cheap for a kernel of its own: copies,
 * tables, gates.
 */
final class RowsStep implements Step {
    /** Computes one row. */
    @FunctionalInterface
    interface Kernel {
        void row(float[] arena, int row);
    }

    /** Elements from which a task of its own pays. */
    private static final int ELEMENTS_PER_TASK = 1 << 13;

    private final int rows;
    private final int perTask;
    private final Kernel kernel;

    RowsStep(int rows, int columns, Kernel kernel) {
        this.rows = rows;
        this.perTask = Math.max(1, ELEMENTS_PER_TASK / Math.max(1, columns));
        this.kernel = kernel;
    }

    @Override
    public void run(Memory memory) {
        float[] arena = memory.arena();
        memory.workers().run((rows + perTask - 1) / perTask, (task, worker) -> {
            for (int r = task * perTask; r < Math.min(rows, (task + 1) * perTask); r++) {
                kernel.row(arena, r);
            }
        });
    }
}
