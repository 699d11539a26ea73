package radedit.exec.tornado;

/** Offset in one of the device's arrays, in elements. The type names the array. */
sealed interface Offset {
    int at();

    /** Offset in an array that a network's kernels read. */
    sealed interface Source extends Offset permits Values, Tables {}

    /** Offset in the values: inputs, intermediate and final results of a run. */
    record Values(int at) implements Source {
        /** Of an operand that a launch does not have. */
        static final Values NONE = new Values(-1);

        Values plus(int elements) {
            return new Values(at + elements);
        }
    }

    /** Offset in the tables: small parameters and lookup tables. */
    record Tables(int at) implements Source {
        /** Of an operand that a launch does not have. */
        static final Tables NONE = new Tables(-1);

        Tables plus(int elements) {
            return new Tables(at + elements);
        }
    }

    /** Offset in the latents of samplers. */
    record Latents(int at) implements Offset {
        Latents plus(int elements) {
            return new Latents(at + elements);
        }
    }
}
