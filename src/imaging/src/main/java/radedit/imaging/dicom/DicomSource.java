package radedit.imaging.dicom;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import radedit.imaging.ImageFormatException;

/**
 * Attributes of a film that an object derived from it may copy: patient, study, acquisition. Values that violate the
 * standard are not copied ({@link #leftOut}).
 */
public final class DicomSource {
    private static final Set<Tag> IDENTITY = EnumSet.of(Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.ISSUER_OF_PATIENT_ID,
            Tag.PATIENT_BIRTH_DATE, Tag.PATIENT_SEX, Tag.PATIENT_AGE, Tag.STUDY_DATE, Tag.STUDY_TIME,
            Tag.ACCESSION_NUMBER, Tag.REFERRING_PHYSICIAN_NAME, Tag.STUDY_ID, Tag.STUDY_DESCRIPTION);
    /** Any of these identifies a patient; sex or study date alone does not. */
    private static final Set<Tag> TELLING = EnumSet.of(Tag.PATIENT_NAME, Tag.PATIENT_ID, Tag.PATIENT_BIRTH_DATE,
            Tag.OTHER_PATIENT_IDS, Tag.ACCESSION_NUMBER);
    private static final Set<Tag> CONTEXT = EnumSet.of(Tag.MODALITY, Tag.BODY_PART_EXAMINED, Tag.VIEW_POSITION,
            Tag.PATIENT_ORIENTATION, Tag.BURNED_IN_ANNOTATION);
    private static final Set<Tag> UIDS = EnumSet.of(Tag.SOP_CLASS_UID, Tag.SOP_INSTANCE_UID, Tag.STUDY_INSTANCE_UID,
            Tag.SERIES_INSTANCE_UID);
    /** Method of lossy compression (PS3.3 C.7.6.1.1.5.1) by the last part of the transfer syntax. */
    private static final Map<String, String> LOSSY = Map.of("4.50", "ISO_10918_1", "4.51", "ISO_10918_1", "4.81",
            "ISO_14495_1", "4.91", "ISO_15444_1");
    private static final Map<Vr, Pattern> FORMS = Map.of(Vr.DA, Pattern.compile("\\d{8}"), Vr.TM,
            Pattern.compile("\\d{2}(\\d{2}(\\d{2}(\\.\\d{1,6})?)?)?"), Vr.AS, Pattern.compile("\\d{3}[DWMY]"), Vr.CS,
            Pattern.compile("[A-Z0-9 _]{1,16}(\\\\[A-Z0-9 _]{1,16})*"), Vr.SH,
            Pattern.compile("[^\\\\\\p{Cntrl}]{1,16}"),
            Vr.LO, Pattern.compile("[^\\\\\\p{Cntrl}]{1,64}"), Vr.PN,
            Pattern.compile("[^\\\\\\p{Cntrl}=]{0,64}(=[^\\\\\\p{Cntrl}=]{0,64}){0,2}"));

    private final Map<Tag, String> values = new EnumMap<>(Tag.class);
    private final List<String> leftOut = new ArrayList<>();
    private boolean identified;
    private @Nullable String lossyMethod;
    private double lossyRatio;
    private SpacingReader.@Nullable Found spacing;

    private DicomSource() {
    }

    /**
     * Reads the attributes of a film.
     *
     * @param file
     *            a DICOM file
     * @return its attributes
     * @throws ImageFormatException
     *            if the file is not a DICOM object, or is damaged
     * @throws IOException
     *            if the file cannot be read
     */
    public static DicomSource of(Path file) throws IOException {
        try (DicomFile dicom = DicomFile.open(file)) {
            return of(dicom);
        }
    }

    static DicomSource of(DicomFile dicom) throws ImageFormatException {
        DicomSource s = new DicomSource();
        DataSet d = dicom.dataSet();
        Charset charset = CharacterSets.of(d.texts(Tag.SPECIFIC_CHARACTER_SET));
        for (Set<Tag> tags : List.of(IDENTITY, CONTEXT, UIDS)) {
            for (Tag tag : tags) {
                s.take(d, tag, charset);
            }
        }
        for (Tag tag : TELLING) {
            s.identified |= !d.text(tag).isEmpty();
        }
        s.lossy(dicom);
        s.spacing = SpacingReader.find(d);
        return s;
    }

    private void take(DataSet d, Tag tag, Charset charset) throws ImageFormatException {
        Element e = d.find(tag);
        if (e == null || d.text(tag).isEmpty()) {
            return;
        }
        String text = CharacterSets.decode(d.raw(e),
                tag.vr().hasCharacterSet() ? charset : StandardCharsets.US_ASCII);
        String value = text == null ? null : text.replaceAll("[ \\x00]+$", "").stripLeading();
        if (value == null || !isValid(tag, value)) {
            leftOut.add(tag.toString());
        } else if (!value.isEmpty()) {
            values.put(tag, value);
        }
    }

    private static boolean isValid(Tag tag, String value) {
        if (tag == Tag.BURNED_IN_ANNOTATION && !value.equals("YES") && !value.equals("NO")) {
            return false;
        }
        if (tag.vr() == Vr.UI) {
            return Uids.isValid(value);
        }
        Pattern form = FORMS.get(tag.vr());
        return form != null && form.matcher(value).matches();
    }

    private void lossy(DicomFile dicom) throws ImageFormatException {
        DataSet d = dicom.dataSet();
        String uid = dicom.syntax().uid();
        String method = LOSSY.get(uid.substring(Math.min(uid.length(), "1.2.840.10008.1.2.".length())));
        Element pixels = d.find(Tag.PIXEL_DATA);
        if (method != null && pixels != null && pixels.length() > 0) {
            ImagePixel image = ImagePixel.of(d);
            lossyRatio = (double) image.frameSize() * image.frames() * image.bitsAllocated() / 8 / pixels.length();
            lossyMethod = method;
        } else if (d.text(Tag.LOSSY_IMAGE_COMPRESSION).equals("01")) {
            double[] ratio = d.numbers(Tag.LOSSY_IMAGE_COMPRESSION_RATIO);
            lossyRatio = ratio.length > 0 && ratio[0] > 0 ? ratio[0] : 1;
            String[] methods = d.texts(Tag.LOSSY_IMAGE_COMPRESSION_METHOD);
            lossyMethod = methods.length > 0 && LOSSY.containsValue(methods[0]) ? methods[0] : "ISO_10918_1";
        }
    }

    /** {@return whether the object is a segmentation, whose pixels say where something is} */
    public boolean isSegmentation() {
        return "SEG".equals(value(Tag.MODALITY));
    }

    /** {@return whether the film identifies the patient} */
    public boolean isIdentified() {
        return identified;
    }

    /** {@return names of elements whose values violate the standard or the declared character set} */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** {@return whether the film has Burned In Annotation, with either value} */
    public boolean declaresBurnedInAnnotation() {
        return values.containsKey(Tag.BURNED_IN_ANNOTATION);
    }

    /**
     * {@return whether text that identifies the patient may be burned into the pixels: Burned In Annotation is YES or
     * missing}
     */
    public boolean mayHaveBurnedInText() {
        return !"NO".equals(value(Tag.BURNED_IN_ANNOTATION));
    }

    /** A value; null if there is none. */
    @Nullable
    String value(Tag tag) {
        return values.get(tag);
    }

    /** Attributes of patient and study; the others are in {@link #context}. */
    Map<Tag, String> identity() {
        return select(IDENTITY);
    }

    /** Attributes of the acquisition. */
    Map<Tag, String> context() {
        return select(CONTEXT);
    }

    private Map<Tag, String> select(Set<Tag> tags) {
        Map<Tag, String> some = new EnumMap<>(values);
        some.keySet().retainAll(tags);
        return some;
    }

    /** The method of lossy compression; null if there was none. */
    @Nullable
    String lossyMethod() {
        return lossyMethod;
    }

    double lossyRatio() {
        return lossyRatio;
    }

    /** The pixel spacing; null if the film has none. */
    SpacingReader.@Nullable Found spacing() {
        return spacing;
    }
}
