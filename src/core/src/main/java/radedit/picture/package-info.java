/** Results as files: PNG, NIfTI and DICOM with their settings, and what they were made of. */
@NullMarked
package radedit.picture;

import org.jspecify.annotations.NullMarked;
