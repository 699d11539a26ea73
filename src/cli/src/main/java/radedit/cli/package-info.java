/** The command line: one class per command, no numerics. */
@NullMarked
package radedit.cli;

import org.jspecify.annotations.NullMarked;
