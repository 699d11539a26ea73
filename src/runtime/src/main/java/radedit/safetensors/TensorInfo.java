package radedit.safetensors;

import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * One tensor's entry in a safetensors header.
 *
 * @param name
 *            the tensor's name
 * @param dtype
 *            element type
 * @param shape
 *            the shape
 * @param begin
 *            offset of the first byte, from the end of the header
 * @param end
 *            offset after the last byte, likewise
 */
public record TensorInfo(String name, DType dtype, Shape shape, long begin, long end) {
    /** {@return the length in bytes} */
    public long bytes() {
        return end - begin;
    }
}
