/** Converts text to token ids and finds unknown words; imports nothing of the project. */
@NullMarked
package radedit.text;

import org.jspecify.annotations.NullMarked;
