package radedit.exec.cpu;

/** One operation, bound to offsets in the arena. */
interface Step {
    /** Scratch of each worker, in floats. */
    default long scratch() {
        return 0;
    }

    /** Scratch shared by all workers, in floats. */
    default long shared() {
        return 0;
    }

    void run(Memory memory);
}
