/** Atomic output files and folders, the user's folder, I/O errors as sentences; imports nothing of the project but messages. */
@NullMarked
package radedit.files;

import org.jspecify.annotations.NullMarked;
