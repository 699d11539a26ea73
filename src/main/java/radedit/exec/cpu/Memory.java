package radedit.exec.cpu;

import radedit.exec.BackendException;
import radedit.exec.Workers;

/**
 * The arrays that programs run in: one arena for values, scratch for each worker, one shared scratch. All programs of a
 * backend use the same arrays, one program at a time; they grow to what the largest needs.
 */
final class Memory {
    private final Workers workers;
    private float[] arena = {};
    private float[] shared = {};
    private float[][] scratch;

    Memory(Workers workers) {
        this.workers = workers;
        this.scratch = new float[workers.size()][0];
    }

    /**
     * Makes room.
     *
     * @throws BackendException
     *             if there is not enough
     */
    void reserve(long arenaSize, long sharedSize, long scratchSize) {
        try {
            // The old array goes before the new one comes, so that both need not fit.
            if (arena.length < arenaSize) {
                arena = null;
                arena = new float[Math.toIntExact(arenaSize)];
            }
            if (shared.length < sharedSize) {
                shared = null;
                shared = new float[Math.toIntExact(sharedSize)];
            }
            for (int i = 0; i < scratch.length; i++) {
                if (scratch[i].length < scratchSize) {
                    scratch[i] = null;
                    scratch[i] = new float[Math.toIntExact(scratchSize)];
                }
            }
        } catch (OutOfMemoryError | ArithmeticException e) {
            arena = new float[0];
            shared = new float[0];
            scratch = new float[workers.size()][0];
            throw new BackendException("too little memory: " + bytes(arenaSize, sharedSize, scratchSize) / (1 << 20)
                    + " MB are needed for this size and batch", e);
        }
    }

    private long bytes(long arenaSize, long sharedSize, long scratchSize) {
        return 4 * (arenaSize + sharedSize + scratchSize * workers.size());
    }

    /** Bytes held now. */
    long held() {
        return bytes(arena.length, shared.length, scratch[0].length);
    }

    float[] arena() {
        return arena;
    }

    float[] shared() {
        return shared;
    }

    float[] scratch(int worker) {
        return scratch[worker];
    }

    Workers workers() {
        return workers;
    }
}
