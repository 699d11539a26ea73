package radedit.imaging.dicom;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Mask;
import radedit.imaging.MaskSelection;

/**
 * Reads masks from segmentation objects (PS3.3 A.51, C.8.20): binary ones; fractional ones, thresholded at half of
 * Maximum Fractional Value; label maps. The mask is the union of the selected segments, or of all segments if none is
 * selected.
 */
public final class SegmentationReader {
    private static final String SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
    private static final String LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7";
    private static final long MOST_PIXELS = 1L << 27;
    private static final int MOST_FRAMES = 4096;
    private static final int NO_SEGMENT = -1;
    private static final int MOST_SAID = 10;

    private final DicomFile dicom;
    private final DataSet dataSet;
    private final ImagePixel image;
    private final MaskSelection selection;
    private final Map<Integer, String> segments = new LinkedHashMap<>();

    private SegmentationReader(DicomFile dicom, MaskSelection selection) throws ImageFormatException {
        this.dicom = dicom;
        this.dataSet = dicom.dataSet();
        this.selection = selection;
        this.image = ImagePixel.of(dataSet);
        for (DataSet s : dataSet.items(Tag.SEGMENT_SEQUENCE)) {
            segments.put(s.required(Tag.SEGMENT_NUMBER), s.text(Tag.SEGMENT_LABEL));
        }
    }

    /**
     * {@return whether a file may be a DICOM object}
     *
     * @param head
     *            its first bytes
     */
    public static boolean isDicom(byte[] head) {
        return DicomFile.isMarked(head) || DicomFile.isPlausible(head);
    }

    /**
     * Reads a mask.
     *
     * @param file
     *            a DICOM file
     * @param selection
     *            frames and segments
     * @param note
     *            receives the list of segments if several were joined without a selection
     * @return null if the object is not a segmentation
     * @throws ImageFormatException
     *            if it is damaged, has no such segment or frame, or has several frames of which none is selected
     * @throws IOException
     *            if the file cannot be read
     */
    public static @Nullable Mask read(Path file, MaskSelection selection, Consumer<String> note) throws IOException {
        try (DicomFile dicom = DicomFile.open(file)) {
            return read(dicom, selection, note);
        }
    }

    static @Nullable Mask read(DicomFile dicom, MaskSelection selection, Consumer<String> note)
            throws ImageFormatException {
        String uid = dicom.dataSet().text(Tag.SOP_CLASS_UID);
        if (!uid.equals(SEGMENTATION) && !uid.equals(LABEL_MAP)) {
            return null;
        }
        Mask mask = new SegmentationReader(dicom, selection).mask(note);
        dicom.warnings().list().forEach(w -> note.accept(dicom.dataSet().file() + ": " + w));
        return mask;
    }

    private Mask mask(Consumer<String> note) throws ImageFormatException {
        Element pixelData = dataSet.find(Tag.PIXEL_DATA);
        if (pixelData == null) {
            throw fault("has no pixel data: it is truncated, or a header alone");
        }
        if ((long) image.rows() * image.columns() > MOST_PIXELS || image.samples() != 1) {
            throw fault("has " + image.columns() + " x " + image.rows() + " pixels of " + image.samples()
                    + " samples, too much for a mask");
        }
        if (!selection.labels().isEmpty()) {
            throw fault("is a segmentation; #segment=NAME+NAME chooses from it, not #label");
        }
        String type = dataSet.text(Tag.SEGMENTATION_TYPE);
        Set<Integer> wanted = wanted(note);
        boolean labels = type.equals("LABELMAP");
        List<Integer> frames = frames(labels ? null : wanted);
        if (selection.segments().isEmpty() && segments.size() > 1) {
            note.accept(dataSet.file() + " has " + segments.size() + " segments (" + names() + "), which are joined;"
                    + " #segment=NAME chooses");
        }
        boolean[] set = new boolean[image.rows() * image.columns()];
        double from = switch (type) {
            case "BINARY", "LABELMAP" -> 1;
            case "FRACTIONAL" -> dataSet.integer(Tag.MAXIMUM_FRACTIONAL_VALUE, 255) / 2.0;
            default -> throw fault("has the " + Tag.SEGMENTATION_TYPE + " '"
                    + type.substring(0, Math.min(40, type.length())) + "', which is not supported");
        };
        if (!(from > 0)) {
            throw fault(Tag.MAXIMUM_FRACTIONAL_VALUE + " is " + (int) (2 * from));
        }
        PixelData pixels = new PixelData(dicom, image, pixelData);
        for (int f : frames) {
            var values = pixels.read(f);
            for (int i = 0; i < set.length; i++) {
                double v = values.at(i);
                boolean in = selection.above() != null ? v > selection.above() : v >= from;
                set[i] |= labels && !selection.segments().isEmpty() ? wanted.contains((int) v) : in;
            }
        }
        return new Mask(image.columns(), image.rows(), set);
    }

    /** Numbers of the selected segments. A segment's number takes precedence over another's label. */
    private Set<Integer> wanted(Consumer<String> note) throws ImageFormatException {
        Set<Integer> out = new HashSet<>();
        for (String name : selection.segments()) {
            Set<Integer> numbered = new TreeSet<>();
            Set<Integer> labelled = new TreeSet<>();
            segments.forEach((number, label) -> {
                if (number.toString().equals(name)) {
                    numbered.add(number);
                } else if (label.equalsIgnoreCase(name)) {
                    labelled.add(number);
                }
            });
            out.addAll(numbered.isEmpty() ? labelled : numbered);
            if (!numbered.isEmpty() && !labelled.isEmpty()) {
                note.accept(
                        dataSet.file() + ": #segment=" + name + " is used as the number of a segment, though it is"
                                + " the label of another (" + names() + ")");
            } else if (labelled.size() > 1) {
                note.accept(dataSet.file() + ": segments " + text(labelled) + " are all called '" + name
                        + "' and are joined; #segment=NUMBER chooses one");
            }
            if (numbered.isEmpty() && labelled.isEmpty()) {
                throw fault("has no segment '" + name.substring(0, Math.min(64, name.length())) + "'; it has "
                        + names());
            }
        }
        return out.isEmpty() ? segments.keySet() : out;
    }

    private static String text(Set<Integer> numbers) {
        return numbers.stream().limit(MOST_SAID).map(String::valueOf).collect(Collectors.joining(", "))
                + (numbers.size() > MOST_SAID ? ", ..." : "");
    }

    private String names() {
        StringBuilder b = new StringBuilder();
        for (Map.Entry<Integer, String> s : segments.entrySet()) {
            if (b.length() > 160) {
                return b.append(", ...").toString();
            }
            String label = s.getValue().substring(0, Math.min(64, s.getValue().length()));
            b.append(b.isEmpty() ? "" : ", ").append(s.getKey()).append(" '").append(label).append('\'');
        }
        return b.isEmpty() ? "none" : b.toString();
    }

    /**
     * The frames to join, from 1.
     *
     * @param wanted
     *            segments that they must show; null for any
     */
    private List<Integer> frames(@Nullable Set<Integer> wanted) throws ImageFormatException {
        int count = image.frames();
        if (selection.frame() > count) {
            throw ImageRequestException.frame(dataSet.file(), selection.frame(), count);
        }
        if (selection.frame() > 0) {
            return List.of(selection.frame());
        }
        List<DataSet> groups = dataSet.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
        int shared = shared();
        List<Integer> out = new ArrayList<>();
        Map<Integer, Integer> seen = new HashMap<>();
        for (int f = 1; f <= count && out.size() <= MOST_FRAMES; f++) {
            int segment = f <= groups.size() ? segment(groups.get(f - 1)) : NO_SEGMENT;
            segment = segment == NO_SEGMENT ? shared : segment;
            if (wanted != null && segment == NO_SEGMENT) {
                throw fault("does not say which segment frame " + f + " shows; #frame=" + f + " takes it as it is");
            }
            if (wanted != null && !wanted.contains(segment)) {
                continue;
            }
            out.add(f);
            if (seen.merge(segment, 1, Integer::sum) > 1 && selection.frame() != MaskSelection.ALL) {
                throw fault((wanted == null ? "" : "its segment " + segment + " ") + "has several frames (of " + count
                        + " in all); #frame=K after its name chooses one (from 1), #frame=all joins them");
            }
        }
        if (out.size() > MOST_FRAMES) {
            throw fault("has more than " + MOST_FRAMES + " frames to join; #frame=K chooses one");
        }
        if (out.isEmpty()) {
            throw fault("has no frame of the chosen segments");
        }
        return out;
    }

    private static int segment(DataSet group) throws ImageFormatException {
        List<DataSet> items = group.items(Tag.SEGMENT_IDENTIFICATION_SEQUENCE);
        return items.isEmpty() ? NO_SEGMENT : items.getFirst().integer(Tag.REFERENCED_SEGMENT_NUMBER, NO_SEGMENT);
    }

    /** The segment of all frames, by the shared groups or because there is only one. */
    private int shared() throws ImageFormatException {
        for (DataSet g : dataSet.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)) {
            int s = segment(g);
            if (s != NO_SEGMENT) {
                return s;
            }
        }
        return segments.size() == 1 ? segments.keySet().iterator().next() : NO_SEGMENT;
    }

    private ImageFormatException fault(String words) {
        return new ImageFormatException(dataSet.file(), words);
    }
}
