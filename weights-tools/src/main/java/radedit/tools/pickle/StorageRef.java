package radedit.tools.pickle;

/**
 * A pickle's description of a storage, the memory that tensors are views of.
 *
 * @param key
 *            identifies its record in the file
 * @param type
 *            element type
 * @param meta
 *            whether it is on PyTorch's "meta" device, without memory
 * @param elements
 *            number of elements according to the pickle; not checked against the file yet
 */
record StorageRef(String key, Global.Storage type, boolean meta, long elements) {
    /** Bytes per element. */
    int width() {
        return type.width();
    }
}
