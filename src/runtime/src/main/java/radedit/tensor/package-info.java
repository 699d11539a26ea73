/** Shapes, element types and host tensors; imports nothing of the project. */
package radedit.tensor;
