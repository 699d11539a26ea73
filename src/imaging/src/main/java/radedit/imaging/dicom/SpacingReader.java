package radedit.imaging.dicom;

import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;
import radedit.imaging.PixelSpacing;

/**
 * Reads the pixel spacing (PS3.3 10.7.1): Pixel Spacing, else Imager Pixel Spacing, else Nominal Scanned Pixel Spacing
 * of digitised films; rows first. Pixel Spacing of a radiograph may be calibrated to the patient by its writer. Imager
 * Pixel Spacing refers to the detector and is not divided by Estimated Radiographic Magnification Factor (0018,1114):
 * that is an estimate for one plane of the patient, and the standard puts a spacing in that plane into Pixel Spacing
 * (10.7.1.3).
 */
final class SpacingReader {
    private static final List<Tag> TAGS = List.of(Tag.PIXEL_SPACING, Tag.IMAGER_PIXEL_SPACING,
            Tag.NOMINAL_SCANNED_PIXEL_SPACING);

    /** An element and its two numbers. */
    record Found(Tag tag, double rows, double columns) {
    }

    private SpacingReader() {
    }

    /** The spacing of a data set, or the one that all its frames share; null if there is none that is valid. */
    static @Nullable Found find(DataSet d) throws ImageFormatException {
        Found found = first(d, TAGS);
        for (DataSet shared : d.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)) {
            for (DataSet measures : shared.items(Tag.PIXEL_MEASURES_SEQUENCE)) {
                found = found == null ? first(measures, TAGS) : found;
            }
        }
        return found;
    }

    private static @Nullable Found first(DataSet d, List<Tag> tags) throws ImageFormatException {
        for (Tag tag : tags) {
            double[] n = d.numbers(tag);
            if (n.length >= 2 && n[0] > 0 && n[1] > 0) {
                return new Found(tag, n[0], n[1]);
            }
            if (n.length > 0) {
                d.warnings().add(tag + " is '" + d.shown(tag) + "', expected two numbers above 0; it is ignored");
            }
        }
        return null;
    }

    static FilmSpace of(DataSet d) throws ImageFormatException {
        Found f = find(d);
        return f == null ? FilmSpace.UNKNOWN : new PixelSpacing(f.rows, f.columns, f.tag.toString());
    }

    /** Height of a pixel over its width: Pixel Aspect Ratio, or the ratio of the spacings (PS3.3 C.7.6.3.1.7). */
    static double aspect(DataSet d) throws ImageFormatException {
        Found f = first(d, List.of(Tag.PIXEL_ASPECT_RATIO));
        f = f == null ? find(d) : f;
        double ratio = f == null ? 1 : f.rows / f.columns;
        return ratio > 0 && Double.isFinite(ratio) ? ratio : 1;
    }
}
