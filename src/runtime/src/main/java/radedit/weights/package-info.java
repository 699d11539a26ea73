/** Reading and writing of safetensors files and of checkpoint folders in the published layout. */
package radedit.weights;
