package radedit.tools.phantom;

import java.util.Map;

import radedit.imaging.Mask;
import radedit.imaging.Picture;

/**
 * A rendered phantom.
 *
 * @param picture
 *            grey, square
 * @param masks
 *            masks of the picture's size: lung-right and lung-left (the whole pleural space outside heart and
 *            mediastinum, whatever fills it), heart, and one for each finding and device, such as effusion-left or
 *            drain-right
 */
public record Film(Picture picture, Map<String, Mask> masks) {
    /** The mask of a lung. */
    public Mask lung(Side side) {
        return mask("lung-" + side.word());
    }

    /**
     * The mask of a name.
     *
     * @throws IllegalArgumentException
     *             if the phantom has no such finding or device
     */
    public Mask mask(String name) {
        Mask mask = masks.get(name);
        if (mask == null) {
            throw new IllegalArgumentException("no " + name + " among " + masks.keySet());
        }
        return mask;
    }
}
