/** Measures the run time of networks and whole requests. */
@NullMarked
package radedit.benchmark;

import org.jspecify.annotations.NullMarked;
