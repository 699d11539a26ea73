/**
 * DICOM: files, data sets, pixel data and its interpretation. Values are read in place from the mapped
 * file; lengths are checked against the file's size before anything is allocated.
 */
@NullMarked
package radedit.imaging.dicom;

import org.jspecify.annotations.NullMarked;
