package radedit.safetensors;

import radedit.tensor.DType;
import radedit.tensor.Shape;

/**
 * One tensor's entry in a safetensors header.
 *
 * @param begin
 *            first byte, counted from the end of the header
 * @param end
 *            first byte after it
 */
public record TensorInfo(String name, DType dtype, Shape shape, long begin, long end) {
    public long bytes() {
        return end - begin;
    }
}
