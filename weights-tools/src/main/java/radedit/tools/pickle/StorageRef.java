package radedit.tools.pickle;

/**
 * What a pickle says about a storage, the run of memory that tensors look into.
 *
 * @param key
 *            names its record in the file
 * @param type
 *            of its elements
 * @param meta
 *            whether it lies on PyTorch's "meta" device, which has no memory
 * @param elements
 *            how many the pickle says there are; not yet held against the file
 */
record StorageRef(String key, Global.Storage type, boolean meta, long elements) {
    /** Bytes of an element. */
    int width() {
        return type.width();
    }
}
