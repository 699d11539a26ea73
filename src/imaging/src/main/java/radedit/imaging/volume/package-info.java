/** Reads volume files of medical toolkits other than NIfTI: MetaImage and NRRD. */
@NullMarked
package radedit.imaging.volume;

import org.jspecify.annotations.NullMarked;
