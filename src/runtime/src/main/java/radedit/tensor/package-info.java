/** Shapes, element types and host tensors; imports nothing of the project. */
@NullMarked
package radedit.tensor;

import org.jspecify.annotations.NullMarked;
