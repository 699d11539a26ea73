/** Models under test in ONNX files, run by ONNX Runtime's CPU execution provider. */
@NullMarked
package radedit.onnx;

import org.jspecify.annotations.NullMarked;
