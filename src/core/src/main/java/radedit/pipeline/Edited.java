package radedit.pipeline;

import radedit.imaging.Comparison;
import radedit.imaging.FilmSpace;
import radedit.imaging.Mask;
import radedit.imaging.NativeEdit;
import radedit.imaging.Picture;
import radedit.imaging.Placement;

/**
 * What an edit was made of.
 *
 * @param film
 *            before, as the model saw it
 * @param inFilm
 *            what of that square is film and not the black beside it
 * @param masks
 *            where to change and what had to stay, in that square
 * @param share
 *            how much of the edit was put back into the film, 0 to 255, in that square; null unless that was asked for
 * @param space
 *            where the film lies, or the pixels of what was put back into it
 * @param placement
 *            where the film lies in that square
 * @param restored
 *            the edit put back into the film at its own size, in stored values; null unless that was asked for
 */
public record Edited(Picture film, Mask inFilm, Comparison.Masks masks, Picture share, FilmSpace space,
        Placement placement, NativeEdit.Outcome restored) {
}
