/**
 * Interpretation of stored values: modality and VOI transformations, padding, polarity, palettes. Imports nothing of the
 * project.
 */
package radedit.imaging.pixel;
