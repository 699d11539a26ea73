/** Checks of arguments; not exported. */
@NullMarked
package radedit.metrics.check;

import org.jspecify.annotations.NullMarked;
