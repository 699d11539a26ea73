/** Messages that name settings, and their exceptions; imports nothing of the project. */
@NullMarked
package radedit.message;

import org.jspecify.annotations.NullMarked;
