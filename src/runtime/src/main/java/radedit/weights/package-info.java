/** Reading and writing of safetensors files and of checkpoint folders in the published layout. */
@NullMarked
package radedit.weights;

import org.jspecify.annotations.NullMarked;
