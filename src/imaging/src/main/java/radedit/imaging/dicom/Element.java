package radedit.imaging.dicom;

/**
 * Where a data element lies.
 *
 * @param vr
 *            null in implicit data sets
 * @param offset
 *            of its value
 * @param length
 *            of its value in bytes; that of all items with their delimiter where the file leaves it open
 * @param undefined
 *            whether it does
 * @param explicit
 *            how the items of a sequence are written
 * @param bigEndian
 *            how its numbers are written
 */
record Element(int tag, Vr vr, long offset, long length, boolean undefined, boolean explicit, boolean bigEndian) {
}
