/**
 * Interpretation of stored values: modality and VOI transformations, padding, polarity, palettes. Imports nothing of the
 * project.
 */
@NullMarked
package radedit.imaging.pixel;

import org.jspecify.annotations.NullMarked;
