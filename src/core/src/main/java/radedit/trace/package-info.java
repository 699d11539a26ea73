/** Traces: what a run computed, node by node and step by step, as hashes, statistics or values. */
@NullMarked
package radedit.trace;

import org.jspecify.annotations.NullMarked;
