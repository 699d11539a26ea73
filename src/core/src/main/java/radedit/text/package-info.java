/** Text to token ids; imports nothing of the project. */
@NullMarked
package radedit.text;

import org.jspecify.annotations.NullMarked;
