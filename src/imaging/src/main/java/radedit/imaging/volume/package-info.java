/** Reads volume files of medical toolkits other than NIfTI: MetaImage and NRRD. */
package radedit.imaging.volume;
