package radedit.exec.cpu;

/** One operation, bound to its places in the arena. */
interface Step {
    /** Floats each worker needs for itself. */
    default long scratch() {
        return 0;
    }

    /** Floats all workers share. */
    default long shared() {
        return 0;
    }

    void run(Memory memory);
}
