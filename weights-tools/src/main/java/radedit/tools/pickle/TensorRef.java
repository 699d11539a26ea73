package radedit.tools.pickle;

import radedit.tensor.DType;

/**
 * What a pickle says about a tensor; not yet held against its storage.
 *
 * @param offset
 *            of the first element in the storage, in elements
 * @param sizes
 *            extents, outermost first
 * @param strides
 *            elements from one index to the next along each axis
 * @param subclass
 *            a class of tensors that it is of, beyond PyTorch's own; null for none
 */
record TensorRef(StorageRef storage, DType dtype, long offset, long[] sizes, long[] strides, String subclass) {
    TensorRef of(String type) {
        return new TensorRef(storage, dtype, offset, sizes, strides, type);
    }
}
