/** Files that appear whole, the user's folder, I/O errors in sentences; imports nothing of the project. */
@NullMarked
package radedit.files;

import org.jspecify.annotations.NullMarked;
