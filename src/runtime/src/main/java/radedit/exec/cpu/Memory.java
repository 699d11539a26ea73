package radedit.exec.cpu;

import java.util.List;

import radedit.exec.BackendException;
import radedit.exec.Workers;

/**
 * The arrays that programs use: one arena for values, scratch for each worker, one scratch shared by all workers. All
 * programs of a backend use the same arrays, one program at a time; the arrays grow to the largest program's needs.
 */
final class Memory {
    /** Length of the longest array that HotSpot allocates. */
    private static final long MAX_ARRAY_LENGTH = Integer.MAX_VALUE - 8;

    /**
     * Lengths of the arrays, in floats.
     *
     * @param arena
     *            length of the arena
     * @param shared
     *            length of the scratch shared by all workers
     * @param scratch
     *            length of the scratch of each worker
     */
    record Sizes(long arena, long shared, long scratch) {
        static final Sizes NONE = new Sizes(0, 0, 0);

        static Sizes of(long arena, List<Step> steps) {
            return new Sizes(arena, steps.stream().mapToLong(Step::shared).max().orElse(0),
                    steps.stream().mapToLong(Step::scratch).max().orElse(0));
        }

        /** Whether each is a possible array length. */
        boolean areValid() {
            return Math.max(arena, Math.max(shared, scratch)) <= MAX_ARRAY_LENGTH;
        }

        /** Lengths that suffice for both, one after another. */
        Sizes max(Sizes o) {
            return new Sizes(Math.max(arena, o.arena), Math.max(shared, o.shared), Math.max(scratch, o.scratch));
        }
    }

    /**
     * The first element of an array that begins a cache line, if objects do (-XX:ObjectAlignmentInBytes=64): the header
     * of an array has 16 bytes. Vectors that straddle lines are loaded at half the rate.
     */
    static final int ALIGNED = 12;

    private static final float[] NONE = {};

    private final Workers workers;
    private float[] arena = NONE;
    private float[] shared = NONE;
    private float[][] scratch;

    Memory(Workers workers) {
        this.workers = workers;
        this.scratch = new float[workers.size()][0];
    }

    static long bytes(Sizes n, int workers) {
        return 4 * (n.arena + n.shared + n.scratch * workers);
    }

    /**
     * Grows the arrays.
     *
     * @throws BackendException
     *             if there is not enough memory
     */
    void reserve(Sizes n) {
        try {
            // The old array is released first, so that the two need not fit together.
            if (arena.length < n.arena) {
                arena = NONE;
                arena = new float[Math.toIntExact(n.arena)];
            }
            if (shared.length < n.shared) {
                shared = NONE;
                shared = new float[Math.toIntExact(n.shared)];
            }
            for (int i = 0; i < scratch.length; i++) {
                if (scratch[i].length < n.scratch) {
                    scratch[i] = NONE;
                    scratch[i] = new float[Math.toIntExact(n.scratch)];
                }
            }
        } catch (OutOfMemoryError | ArithmeticException e) {
            arena = NONE;
            shared = NONE;
            scratch = new float[workers.size()][0];
            throw new BackendException(
                    "too little memory: " + (bytes(n, workers.size()) >> 20) + " MB are needed for this size and batch",
                    e);
        }
    }

    /** Bytes currently allocated. */
    long allocatedBytes() {
        return bytes(new Sizes(arena.length, shared.length, scratch[0].length), workers.size());
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
