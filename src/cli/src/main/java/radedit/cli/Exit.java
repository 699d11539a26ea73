package radedit.cli;

/** The documented exit codes. */
final class Exit {
    static final int OK = 0;
    /** The work failed. */
    static final int FAILED = 1;
    /** Wrong usage. */
    static final int USAGE = 2;
    /** An input file is unreadable or invalid. */
    static final int INPUT = 3;
    /** Weights are missing or invalid. */
    static final int WEIGHTS = 4;
    /** A backend is not available or out of memory. */
    static final int BACKEND = 5;
    /** A check did not hold. */
    static final int CHECK = 6;

    /** The reader of stdout has gone; a shell's exit code for a program ended by SIGPIPE. */
    static final int CLOSED_PIPE = 141;

    private Exit() {
    }
}
