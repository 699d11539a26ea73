/** Messages that name settings, and what throws them; imports nothing of the project. */
@NullMarked
package radedit.message;

import org.jspecify.annotations.NullMarked;
