package radedit.imaging.dicom;

import org.jspecify.annotations.Nullable;

/**
 * Position and encoding of a data element.
 *
 * @param vr
 *            null in implicit data sets
 * @param offset
 *            offset of its value in bytes
 * @param length
 *            length of its value in bytes; if undefined, that of all items with their delimiter
 * @param undefined
 *            whether the file leaves the length undefined
 * @param explicit
 *            whether the items of a sequence name their value representations
 * @param bigEndian
 *            byte order of its numbers
 */
record Element(int tag, @Nullable Vr vr, long offset, long length, boolean undefined, boolean explicit,
        boolean bigEndian) {
}
