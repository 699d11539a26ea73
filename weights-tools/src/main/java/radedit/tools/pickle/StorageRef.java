package radedit.tools.pickle;

import radedit.tensor.DType;

/**
 * What a pickle says about a storage, the run of memory that tensors look into.
 *
 * @param key
 *            names its record in the file
 * @param dtype
 *            of its elements; null for plain bytes
 * @param elements
 *            how many the pickle says there are; not yet held against the file
 */
record StorageRef(String key, DType dtype, long elements) {
    /** Bytes of an element. */
    int width() {
        return dtype == null ? 1 : dtype.bytes();
    }
}
