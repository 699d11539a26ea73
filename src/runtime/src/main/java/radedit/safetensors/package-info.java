/** Memory-mapped reading and streamed writing of safetensors files, and reading of small JSON files. */
@NullMarked
package radedit.safetensors;

import org.jspecify.annotations.NullMarked;
