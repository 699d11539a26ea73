/** Writing of pages that hold strangers' texts; imports nothing of the project. */
@NullMarked
package radedit.html;

import org.jspecify.annotations.NullMarked;
