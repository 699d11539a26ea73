/**
 * DICOM: files, data sets, pixel data and what the data set says about it. All that is read here is read where it lies in
 * the file; lengths are held against the file's size before anything is allocated for them.
 */
package radedit.imaging.dicom;
