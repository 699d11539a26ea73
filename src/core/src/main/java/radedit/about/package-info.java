/** The version of this program. */
@NullMarked
package radedit.about;

import org.jspecify.annotations.NullMarked;
