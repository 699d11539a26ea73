/** The interface of backends, how they are found, and code and threads that they share. */
@NullMarked
package radedit.exec;

import org.jspecify.annotations.NullMarked;
