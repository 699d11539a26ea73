/** Safetensors files: mapped to read, written whole or not at all; and the JSON in their headers. */
@NullMarked
package radedit.safetensors;

import org.jspecify.annotations.NullMarked;
