package radedit.tools.pickle;

import org.jspecify.annotations.Nullable;
import radedit.tensor.DType;

/**
 * A pickle's description of a tensor; not checked against its storage yet.
 *
 * @param offset
 *            offset of the first element in the storage, in elements
 * @param sizes
 *            extents, outermost first
 * @param strides
 *            elements from one index to the next along each axis
 * @param subclass
 *            name of a tensor class other than PyTorch's own; null for none
 */
record TensorRef(StorageRef storage, DType dtype, long offset, long[] sizes, long[] strides,
        @Nullable String subclass) {
    TensorRef of(String type) {
        return new TensorRef(storage, dtype, offset, sizes, strides, type);
    }
}
