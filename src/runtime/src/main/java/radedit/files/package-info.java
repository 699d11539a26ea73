/** Atomic output files and folders, the user's folder, I/O errors as sentences; imports messages only. */
@NullMarked
package radedit.files;

import org.jspecify.annotations.NullMarked;
