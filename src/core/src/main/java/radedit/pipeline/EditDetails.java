package radedit.pipeline;

import org.jspecify.annotations.Nullable;

import radedit.imaging.Comparison;
import radedit.imaging.FilmSpace;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.imaging.Placement;

/**
 * The inputs of an edit in the model's square, and the edit at the film's native size.
 *
 * @param film
 *            the film before the edit, as the model saw it
 * @param filmArea
 *            pixels of the square that show the film, not the black padding
 * @param masks
 *            the edit mask and the keep mask, in the square
 * @param blendWeight
 *            blending weight of the edit at the film's native size, 0 to 255, in the square; null unless native size
 *            was requested
 * @param space
 *            position of the film's pixels in the patient, where it is known
 * @param placement
 *            position of the film in the square
 * @param nativeEdit
 *            the edit at the film's native size, in stored values; null unless that was requested
 */
public record EditDetails(Picture film, Mask filmArea, Comparison.Masks masks, @Nullable Picture blendWeight,
        FilmSpace space, Placement placement, NativeEdit.@Nullable Outcome nativeEdit) {
}
