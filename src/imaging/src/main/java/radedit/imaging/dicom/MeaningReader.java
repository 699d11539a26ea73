package radedit.imaging.dicom;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.FilmReader;
import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.Palette;
import radedit.imaging.pixel.Photometric;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.message.Message;
import radedit.message.Setting;

/**
 * Reads how a data set interprets its stored values. Modality and VOI attributes come from the frame's own functional
 * groups, else from the shared ones, else from the data set itself (PS3.3 C.7.6.16).
 */
final class MeaningReader {
    private static final Message ANOTHER = Message.of(" (", Setting.WINDOW, " centre,width sets another)");
    private static final Message UNUSABLE = Message.of(", which is not a window; the picture's own range is shown",
            ANOTHER);

    private final DataSet dataSet;
    private final ImagePixel image;

    MeaningReader(DataSet dataSet, ImagePixel image) {
        this.dataSet = dataSet;
        this.image = image;
    }

    /**
     * One meaning, or one per frame.
     *
     * @param frame
     *            from 1, or all frames
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

    /** Places to look for a frame's attributes, in order of precedence. */
    private static List<DataSet> groups(@Nullable DataSet own, List<DataSet> shared) {
        List<DataSet> all = new ArrayList<>();
        if (own != null) {
            all.add(own);
        }
        if (!shared.isEmpty()) {
            all.add(shared.getFirst());
        }
        return all;
    }

    /** The first item of a macro's sequence in the first group that has it; the data set itself if none has it. */
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
        if (modality == null) {
            return new PixelMeaning(photometric, image.depth(), ModalityTransform.IDENTITY, List.of(), null, padding(),
                    null).withShape(shape());
        }
        DataSet voi = macro(groups, Tag.FRAME_VOI_LUT_SEQUENCE);
        List<Voi.Window> windows = windows(voi);
        Voi.Window first = windows.stream().filter(Voi.Window::isUsable).findFirst().orElse(null);
        PixelMeaning m = new PixelMeaning(photometric, image.depth(), modality, windows, first, padding(), null)
                .withShape(shape());
        List<DataSet> luts = voi.items(Tag.VOI_LUT_SEQUENCE);
        if (luts.isEmpty()) {
            return m;
        }
        DataSet lut = luts.getFirst();
        return m.withView(new Voi.Table(
                LookupTables.read(lut, Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, m.possibleRange()[0] < 0),
                name(lut.text(Tag.LUT_EXPLANATION))));
    }

    /** Null if it is malformed; the windows, which apply to its results, are then unusable as well. */
    private @Nullable ModalityTransform modality(DataSet d) throws ImageFormatException {
        List<DataSet> luts = d.items(Tag.MODALITY_LUT_SEQUENCE);
        if (!luts.isEmpty()) {
            return new ModalityTransform.Table(
                    LookupTables.read(luts.getFirst(), Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, image.signed()));
        }
        double slope = d.number(Tag.RESCALE_SLOPE, 1);
        double intercept = d.number(Tag.RESCALE_INTERCEPT, 0);
        if (slope == 0 || Double.isNaN(slope) || Double.isNaN(intercept)) {
            Tag bad = Double.isNaN(intercept) ? Tag.RESCALE_INTERCEPT : Tag.RESCALE_SLOPE;
            dataSet.warnings()
                    .add(Message.of(bad, " is '", d.shown(bad), "', which cannot be used; stored values are used as"
                            + " they are and shown over their own range", ANOTHER));
            return null;
        }
        return slope == 1 && intercept == 0
                ? ModalityTransform.IDENTITY
                : new ModalityTransform.Rescale(slope, intercept);
    }

    /** All windows of the file by number, including unusable ones. */
    private List<Voi.Window> windows(DataSet d) throws ImageFormatException {
        double[] centres = d.numbers(Tag.WINDOW_CENTER);
        double[] widths = d.numbers(Tag.WINDOW_WIDTH);
        int n = Math.min(centres.length, widths.length);
        if (n == 0) {
            if (centres.length + widths.length > 0) {
                dataSet.warnings()
                        .add(Message.of("has only one of ", Tag.WINDOW_CENTER, " and ", Tag.WINDOW_WIDTH, UNUSABLE));
            }
            return List.of();
        }
        String[] names = d.texts(Tag.WINDOW_EXPLANATION);
        Voi.Function function = function(d.text(Tag.VOI_LUT_FUNCTION));
        List<Voi.Window> all = new ArrayList<>();
        boolean usable = false;
        for (int i = 0; i < n; i++) {
            all.add(new Voi.Window(centres[i], widths[i], function, i < names.length ? name(names[i]) : ""));
            usable |= all.getLast().isUsable();
        }
        if (!usable) {
            dataSet.warnings().add(Message.of("its window has the centre '", d.shown(Tag.WINDOW_CENTER),
                    "' and the width '", d.shown(Tag.WINDOW_WIDTH), "'", UNUSABLE));
        } else if (!all.getFirst().isUsable()) {
            dataSet.warnings().add("its first window cannot be used (centre '" + d.shown(Tag.WINDOW_CENTER)
                    + "', width '" + d.shown(Tag.WINDOW_WIDTH) + "'); the next one is");
        }
        return all;
    }

    /** An explanation, cut to the standard's limit (LO, PS3.5 6.2). */
    private static String name(String explanation) {
        String text = explanation.strip();
        return text.substring(0, Math.min(64, text.length()));
    }

    private Voi.Function function(String name) {
        return switch (name) {
            case "", "LINEAR" -> Voi.Function.LINEAR;
            case "LINEAR_EXACT" -> Voi.Function.LINEAR_EXACT;
            case "SIGMOID" -> Voi.Function.SIGMOID;
            default -> {
                dataSet.warnings().add("has the " + Tag.VOI_LUT_FUNCTION + " '"
                        + name.substring(0, Math.min(40, name.length())) + "', which is not known; LINEAR is used");
                yield Voi.Function.LINEAR;
            }
        };
    }

    /**
     * Presentation LUT Shape (PS3.3 C.11.6). It overrides Photometric Interpretation, as in DCMTK; both should agree
     * (C.8.11.3).
     */
    private PixelMeaning.Shape shape() throws ImageFormatException {
        String name = dataSet.text(Tag.PRESENTATION_LUT_SHAPE);
        PixelMeaning.Shape shape = switch (name) {
            case "IDENTITY" -> PixelMeaning.Shape.IDENTITY;
            case "INVERSE" -> PixelMeaning.Shape.INVERSE;
            default -> PixelMeaning.Shape.UNSAID;
        };
        if (shape == PixelMeaning.Shape.UNSAID && !name.isEmpty()) {
            dataSet.warnings().add("has the " + Tag.PRESENTATION_LUT_SHAPE + " '"
                    + name.substring(0, Math.min(40, name.length())) + "', which is not applied");
        }
        boolean inverse = image.photometric(dataSet) == Photometric.MONOCHROME1;
        if (shape != PixelMeaning.Shape.UNSAID && inverse != (shape == PixelMeaning.Shape.INVERSE)) {
            dataSet.warnings().add(Tag.PRESENTATION_LUT_SHAPE + " is " + shape + " and "
                    + Tag.PHOTOMETRIC_INTERPRETATION + " " + image.interpretation()
                    + ", which do not agree; the shape decides");
        }
        return shape;
    }

    private Padding padding() throws ImageFormatException {
        if (!dataSet.has(Tag.PIXEL_PADDING_VALUE)) {
            return Padding.NONE;
        }
        double value = paddingValue(Tag.PIXEL_PADDING_VALUE);
        double limit = dataSet.has(Tag.PIXEL_PADDING_RANGE_LIMIT) ? paddingValue(Tag.PIXEL_PADDING_RANGE_LIMIT) : value;
        return Double.isNaN(value) ? Padding.NONE : Padding.between(value, Double.isNaN(limit) ? value : limit);
    }

    /** A padding value, with the sign of the pixels whatever its VR says; writers confuse US and SS. */
    private double paddingValue(Tag tag) throws ImageFormatException {
        double v = dataSet.number(tag, Double.NaN);
        if (v != Math.rint(v) || Math.abs(v) > Integer.MAX_VALUE) {
            dataSet.warnings()
                    .add(tag + " is '" + dataSet.shown(tag) + "', expected a whole number; it is ignored");
            return Double.NaN;
        }
        return image.signed() ? (short) v : (int) v & 0xFFFF;
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
