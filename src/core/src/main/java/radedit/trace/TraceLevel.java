package radedit.trace;

import java.util.Locale;

/** How much of each value a trace holds. */
public enum TraceLevel {
    /** A 64-bit hash of all bits. */
    HASH,
    /** The hash, and minimum, maximum, mean, root mean square, histogram and counts of what is not an ordinary number. */
    STATS,
    /** Likewise, and {@value ValueSummary#SAMPLES} elements at even distances. */
    SLICE,
    /** All elements, in PyTorch's layout. */
    FULL;

    /** {@return the name on the command line and in files} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
