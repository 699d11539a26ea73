/** Hashes of bytes and files; imports nothing of the project. */
@NullMarked
package radedit.digest;

import org.jspecify.annotations.NullMarked;
