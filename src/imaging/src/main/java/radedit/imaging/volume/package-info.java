/** Files of volumes that medical toolkits write beside NIfTI: MetaImage and NRRD. */
package radedit.imaging.volume;
