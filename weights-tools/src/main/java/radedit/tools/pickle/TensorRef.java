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
 */
record TensorRef(StorageRef storage, DType dtype, long offset, long[] sizes, long[] strides) {}
