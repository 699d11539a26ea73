package radedit.imaging.dicom;

/** The data elements that are read, with their value representations, which implicit data sets omit (PS3.6). */
enum Tag {
    MEDIA_STORAGE_SOP_CLASS_UID(0x00020002, Vr.UI, "Media Storage SOP Class UID"),
    TRANSFER_SYNTAX_UID(0x00020010, Vr.UI, "Transfer Syntax UID"),
    SPECIFIC_CHARACTER_SET(0x00080005, Vr.CS, "Specific Character Set"),
    SOP_CLASS_UID(0x00080016, Vr.UI, "SOP Class UID"),
    SOP_INSTANCE_UID(0x00080018, Vr.UI, "SOP Instance UID"),
    STUDY_DATE(0x00080020, Vr.DA, "Study Date"),
    STUDY_TIME(0x00080030, Vr.TM, "Study Time"),
    ACCESSION_NUMBER(0x00080050, Vr.SH, "Accession Number"),
    MODALITY(0x00080060, Vr.CS, "Modality"),
    REFERRING_PHYSICIAN_NAME(0x00080090, Vr.PN, "Referring Physician's Name"),
    STUDY_DESCRIPTION(0x00081030, Vr.LO, "Study Description"),
    PATIENT_NAME(0x00100010, Vr.PN, "Patient's Name"),
    PATIENT_ID(0x00100020, Vr.LO, "Patient ID"),
    ISSUER_OF_PATIENT_ID(0x00100021, Vr.LO, "Issuer of Patient ID"),
    PATIENT_BIRTH_DATE(0x00100030, Vr.DA, "Patient's Birth Date"),
    PATIENT_SEX(0x00100040, Vr.CS, "Patient's Sex"),
    OTHER_PATIENT_IDS(0x00101000, Vr.LO, "Other Patient IDs"),
    PATIENT_AGE(0x00101010, Vr.AS, "Patient's Age"),
    BODY_PART_EXAMINED(0x00180015, Vr.CS, "Body Part Examined"),
    IMAGER_PIXEL_SPACING(0x00181164, Vr.DS, "Imager Pixel Spacing"),
    NOMINAL_SCANNED_PIXEL_SPACING(0x00182010, Vr.DS, "Nominal Scanned Pixel Spacing"),
    VIEW_POSITION(0x00185101, Vr.CS, "View Position"),
    STUDY_INSTANCE_UID(0x0020000D, Vr.UI, "Study Instance UID"),
    SERIES_INSTANCE_UID(0x0020000E, Vr.UI, "Series Instance UID"),
    STUDY_ID(0x00200010, Vr.SH, "Study ID"),
    PATIENT_ORIENTATION(0x00200020, Vr.CS, "Patient Orientation"),
    SAMPLES_PER_PIXEL(0x00280002, Vr.US, "Samples per Pixel"),
    PHOTOMETRIC_INTERPRETATION(0x00280004, Vr.CS, "Photometric Interpretation"),
    PLANAR_CONFIGURATION(0x00280006, Vr.US, "Planar Configuration"),
    NUMBER_OF_FRAMES(0x00280008, Vr.IS, "Number of Frames"),
    ROWS(0x00280010, Vr.US, "Rows"),
    COLUMNS(0x00280011, Vr.US, "Columns"),
    PIXEL_SPACING(0x00280030, Vr.DS, "Pixel Spacing"),
    PIXEL_ASPECT_RATIO(0x00280034, Vr.IS, "Pixel Aspect Ratio"),
    BITS_ALLOCATED(0x00280100, Vr.US, "Bits Allocated"),
    BITS_STORED(0x00280101, Vr.US, "Bits Stored"),
    HIGH_BIT(0x00280102, Vr.US, "High Bit"),
    PIXEL_REPRESENTATION(0x00280103, Vr.US, "Pixel Representation"),
    PIXEL_PADDING_VALUE(0x00280120, Vr.US, "Pixel Padding Value"),
    PIXEL_PADDING_RANGE_LIMIT(0x00280121, Vr.US, "Pixel Padding Range Limit"),
    BURNED_IN_ANNOTATION(0x00280301, Vr.CS, "Burned In Annotation"),
    WINDOW_CENTER(0x00281050, Vr.DS, "Window Center"),
    WINDOW_WIDTH(0x00281051, Vr.DS, "Window Width"),
    RESCALE_INTERCEPT(0x00281052, Vr.DS, "Rescale Intercept"),
    RESCALE_SLOPE(0x00281053, Vr.DS, "Rescale Slope"),
    WINDOW_EXPLANATION(0x00281055, Vr.LO, "Window Center & Width Explanation"),
    VOI_LUT_FUNCTION(0x00281056, Vr.CS, "VOI LUT Function"),
    RED_PALETTE_DESCRIPTOR(0x00281101, Vr.US, "Red Palette Color Lookup Table Descriptor"),
    GREEN_PALETTE_DESCRIPTOR(0x00281102, Vr.US, "Green Palette Color Lookup Table Descriptor"),
    BLUE_PALETTE_DESCRIPTOR(0x00281103, Vr.US, "Blue Palette Color Lookup Table Descriptor"),
    RED_PALETTE_DATA(0x00281201, Vr.OW, "Red Palette Color Lookup Table Data"),
    GREEN_PALETTE_DATA(0x00281202, Vr.OW, "Green Palette Color Lookup Table Data"),
    BLUE_PALETTE_DATA(0x00281203, Vr.OW, "Blue Palette Color Lookup Table Data"),
    SEGMENTED_RED_PALETTE_DATA(0x00281221, Vr.OW, "Segmented Red Palette Color Lookup Table Data"),
    SEGMENTED_GREEN_PALETTE_DATA(0x00281222, Vr.OW, "Segmented Green Palette Color Lookup Table Data"),
    SEGMENTED_BLUE_PALETTE_DATA(0x00281223, Vr.OW, "Segmented Blue Palette Color Lookup Table Data"),
    LOSSY_IMAGE_COMPRESSION(0x00282110, Vr.CS, "Lossy Image Compression"),
    LOSSY_IMAGE_COMPRESSION_RATIO(0x00282112, Vr.DS, "Lossy Image Compression Ratio"),
    LOSSY_IMAGE_COMPRESSION_METHOD(0x00282114, Vr.CS, "Lossy Image Compression Method"),
    MODALITY_LUT_SEQUENCE(0x00283000, Vr.SQ, "Modality LUT Sequence"),
    LUT_DESCRIPTOR(0x00283002, Vr.US, "LUT Descriptor"),
    LUT_EXPLANATION(0x00283003, Vr.LO, "LUT Explanation"),
    LUT_DATA(0x00283006, Vr.OW, "LUT Data"),
    VOI_LUT_SEQUENCE(0x00283010, Vr.SQ, "VOI LUT Sequence"),
    PIXEL_MEASURES_SEQUENCE(0x00289110, Vr.SQ, "Pixel Measures Sequence"),
    FRAME_VOI_LUT_SEQUENCE(0x00289132, Vr.SQ, "Frame VOI LUT Sequence"),
    PIXEL_VALUE_TRANSFORMATION_SEQUENCE(0x00289145, Vr.SQ, "Pixel Value Transformation Sequence"),
    SEGMENTATION_TYPE(0x00620001, Vr.CS, "Segmentation Type"),
    SEGMENT_SEQUENCE(0x00620002, Vr.SQ, "Segment Sequence"),
    SEGMENT_NUMBER(0x00620004, Vr.US, "Segment Number"),
    SEGMENT_LABEL(0x00620005, Vr.LO, "Segment Label"),
    SEGMENT_IDENTIFICATION_SEQUENCE(0x0062000A, Vr.SQ, "Segment Identification Sequence"),
    REFERENCED_SEGMENT_NUMBER(0x0062000B, Vr.US, "Referenced Segment Number"),
    MAXIMUM_FRACTIONAL_VALUE(0x0062000E, Vr.US, "Maximum Fractional Value"),
    SHARED_FUNCTIONAL_GROUPS_SEQUENCE(0x52009229, Vr.SQ, "Shared Functional Groups Sequence"),
    PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE(0x52009230, Vr.SQ, "Per-Frame Functional Groups Sequence"),
    PRESENTATION_LUT_SHAPE(0x20500020, Vr.CS, "Presentation LUT Shape"),
    EXTENDED_OFFSET_TABLE(0x7FE00001, Vr.OV, "Extended Offset Table"),
    EXTENDED_OFFSET_TABLE_LENGTHS(0x7FE00002, Vr.OV, "Extended Offset Table Lengths"),
    FLOAT_PIXEL_DATA(0x7FE00008, Vr.OF, "Float Pixel Data"),
    DOUBLE_FLOAT_PIXEL_DATA(0x7FE00009, Vr.OD, "Double Float Pixel Data"),
    PIXEL_DATA(0x7FE00010, Vr.OW, "Pixel Data");

    /** Begins an item of a sequence. */
    static final int ITEM = 0xFFFEE000;
    /** Ends an item of undefined length. */
    static final int ITEM_END = 0xFFFEE00D;
    /** Ends a sequence of undefined length. */
    static final int SEQUENCE_END = 0xFFFEE0DD;

    private final int code;
    private final Vr vr;
    private final String title;

    Tag(int code, Vr vr, String title) {
        this.code = code;
        this.vr = vr;
        this.title = title;
    }

    int code() {
        return code;
    }

    Vr vr() {
        return vr;
    }

    /** Group and element of a tag, as the standard writes them. */
    static String text(int code) {
        return String.format("(%04X,%04X)", code >>> 16, code & 0xFFFF);
    }

    /** Name and number. */
    @Override
    public String toString() {
        return title + " " + text(code);
    }
}
