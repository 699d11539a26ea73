package radedit.imaging.dicom;

import java.util.ArrayList;
import java.util.List;

import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Palette;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;

/**
 * What a data set says about its stored values. Modality and VOI are taken from the frame's own functional groups where it
 * has them, then from the shared ones, then from the data set itself (PS3.3 C.7.6.16).
 */
final class MeaningReader {
    private final DataSet dataSet;
    private final ImagePixel image;

    MeaningReader(DataSet dataSet, ImagePixel image) {
        this.dataSet = dataSet;
        this.image = image;
    }

    /**
     * One meaning, or one for each frame.
     *
     * @param frame
     *            which frame, counted from 1, or all of them
     */
    List<PixelMeaning> read(int frame) throws ImageFormatException {
        List<DataSet> own = dataSet.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        List<DataSet> shared = dataSet.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
        boolean differ = false;
        for (DataSet d : own) {
            differ |= d.has(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE) || d.has(Tag.FRAME_VOI_LUT_SEQUENCE);
        }
        if (!differ || image.samples() > 1) {
            return List.of(meaning(groups(null, shared)));
        }
        if (own.size() < image.frames()) {
            throw new ImageFormatException(dataSet.file(), "damaged: " + own.size() + " functional groups for "
                    + image.frames() + " frames");
        }
        List<PixelMeaning> all = new ArrayList<>();
        if (frame != FilmReader.ALL_FRAMES) {
            return List.of(meaning(groups(own.get(frame - 1), shared)));
        }
        for (int f = 0; f < image.frames(); f++) {
            all.add(meaning(groups(own.get(f), shared)));
        }
        return all;
    }

    /** Where to look for a frame's attributes, in this order. */
    private static List<DataSet> groups(DataSet own, List<DataSet> shared) {
        List<DataSet> all = new ArrayList<>();
        if (own != null) {
            all.add(own);
        }
        if (!shared.isEmpty()) {
            all.add(shared.getFirst());
        }
        return all;
    }

    /** The first item of a macro's sequence in the first group that has it; the data set itself if none has. */
    private DataSet macro(List<DataSet> groups, Tag sequence) throws ImageFormatException {
        for (DataSet g : groups) {
            List<DataSet> items = g.items(sequence);
            if (!items.isEmpty()) {
                return items.getFirst();
            }
        }
        return dataSet;
    }

    private PixelMeaning meaning(List<DataSet> groups) throws ImageFormatException {
        Photometric photometric = image.photometric(dataSet);
        if (!photometric.isGrey()) {
            return new PixelMeaning(photometric, image.depth(), ModalityTransform.IDENTITY, List.of(), null,
                    Padding.NONE,
                    photometric == Photometric.PALETTE_COLOR ? palette() : null);
        }
        ModalityTransform modality = modality(macro(groups, Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE));
        DataSet voi = macro(groups, Tag.FRAME_VOI_LUT_SEQUENCE);
        List<Voi.Window> windows = windows(voi);
        PixelMeaning m = new PixelMeaning(photometric, image.depth(), modality, windows,
                windows.isEmpty() ? null : windows.getFirst(), padding(), null);
        List<DataSet> luts = voi.items(Tag.VOI_LUT_SEQUENCE);
        if (luts.isEmpty()) {
            return m;
        }
        DataSet lut = luts.getFirst();
        Voi table = new Voi.Table(
                LookupTables.read(lut, Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, m.possibleRange()[0] < 0),
                name(lut.text(Tag.LUT_EXPLANATION)));
        return new PixelMeaning(photometric, image.depth(), modality, windows, table, m.padding(), null);
    }

    private ModalityTransform modality(DataSet d) throws ImageFormatException {
        List<DataSet> luts = d.items(Tag.MODALITY_LUT_SEQUENCE);
        if (!luts.isEmpty()) {
            return new ModalityTransform.Table(
                    LookupTables.read(luts.getFirst(), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, image.signed()));
        }
        double slope = first(d, Tag.RESCALE_SLOPE, 1);
        double intercept = first(d, Tag.RESCALE_INTERCEPT, 0);
        if (slope == 0) {
            throw new ImageFormatException(dataSet.file(), Tag.RESCALE_SLOPE + " is 0");
        }
        return slope == 1 && intercept == 0
                ? ModalityTransform.IDENTITY
                : new ModalityTransform.Rescale(slope, intercept);
    }

    private static double first(DataSet d, Tag tag, double otherwise) throws ImageFormatException {
        double[] all = d.numbers(tag);
        return all.length == 0 ? otherwise : all[0];
    }

    private List<Voi.Window> windows(DataSet d) throws ImageFormatException {
        double[] centres = d.numbers(Tag.WINDOW_CENTER);
        double[] widths = d.numbers(Tag.WINDOW_WIDTH);
        int n = Math.min(centres.length, widths.length);
        if (n == 0) {
            return List.of();
        }
        String[] names = d.texts(Tag.WINDOW_EXPLANATION);
        Voi.Function function = function(d.text(Tag.VOI_LUT_FUNCTION));
        List<Voi.Window> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(new Voi.Window(centres[i], widths[i], function, i < names.length ? name(names[i]) : ""));
        }
        return all;
    }

    /** As much of an explanation as the standard allows (LO, PS3.5 6.2). */
    private static String name(String explanation) {
        String text = explanation.strip();
        return text.substring(0, Math.min(64, text.length()));
    }

    private Voi.Function function(String name) throws ImageFormatException {
        return switch (name) {
            case "", "LINEAR" -> Voi.Function.LINEAR;
            case "LINEAR_EXACT" -> Voi.Function.LINEAR_EXACT;
            case "SIGMOID" -> Voi.Function.SIGMOID;
            default -> throw new ImageFormatException(dataSet.file(), "has the " + Tag.VOI_LUT_FUNCTION + " '"
                    + name.substring(0, Math.min(40, name.length())) + "', which is not known");
        };
    }

    private Padding padding() throws ImageFormatException {
        if (!dataSet.has(Tag.PIXEL_PADDING_VALUE)) {
            return Padding.NONE;
        }
        double value = paddingValue(Tag.PIXEL_PADDING_VALUE);
        return Padding.between(value,
                dataSet.has(Tag.PIXEL_PADDING_RANGE_LIMIT) ? paddingValue(Tag.PIXEL_PADDING_RANGE_LIMIT) : value);
    }

    /** With the sign of the pixels, whatever the file calls it; writers confuse the two types. */
    private double paddingValue(Tag tag) throws ImageFormatException {
        int v = dataSet.integer(tag, 0);
        return image.signed() ? (short) v : v & 0xFFFF;
    }

    private Palette palette() throws ImageFormatException {
        return new Palette(
                table(Tag.RED_PALETTE_DESCRIPTOR, Tag.RED_PALETTE_DATA, Tag.SEGMENTED_RED_PALETTE_DATA),
                table(Tag.GREEN_PALETTE_DESCRIPTOR, Tag.GREEN_PALETTE_DATA, Tag.SEGMENTED_GREEN_PALETTE_DATA),
                table(Tag.BLUE_PALETTE_DESCRIPTOR, Tag.BLUE_PALETTE_DATA, Tag.SEGMENTED_BLUE_PALETTE_DATA));
    }

    private radedit.imaging.pixel.LookupTable table(Tag descriptor, Tag data, Tag segmented)
            throws ImageFormatException {
        return !dataSet.has(data) && dataSet.has(segmented)
                ? LookupTables.segmented(dataSet, descriptor, segmented, image.signed())
                : LookupTables.read(dataSet, descriptor, data, image.signed());
    }
}
