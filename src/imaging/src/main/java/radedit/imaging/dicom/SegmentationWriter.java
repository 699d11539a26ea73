package radedit.imaging.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import radedit.imaging.Mask;
import radedit.imaging.dicom.SecondaryCapture.Identity;
import radedit.imaging.dicom.SecondaryCapture.Series;

/**
 * Writes a mask as a binary segmentation of one segment and one frame (PS3.3 A.51, C.8.20, Explicit VR Little Endian),
 * which {@link SegmentationReader} reads. Without a source, patient and study are those of a synthetic film.
 */
public final class SegmentationWriter {
    private static final String SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
    private static final String MAKER = "RadEdit";
    private static final int LONGEST_LABEL = 64;
    private static final int SEGMENT_IDENTIFICATION = 0x0062000A;
    private static final int REFERENCED_SEGMENT = 0x0062000B;

    private SegmentationWriter() {
    }

    /**
     * Writes a segmentation.
     *
     * @param out
     *            left open
     * @param mask
     *            at most 65535 pixels wide and high
     * @param label
     *            Segment Label; control characters become blanks, cut after 64 characters
     * @param version
     *            of the program, for Software Versions and Device Serial Number
     * @param source
     *            the film that the mask belongs to; null if it is not DICOM
     * @param identity
     *            how patient and study of the source are treated
     * @throws IllegalArgumentException
     *             if the mask is too large
     * @throws IOException
     *             if {@code out} fails
     */
    public static void write(OutputStream out, Mask mask, String label, String version, @Nullable DicomSource source,
            Identity identity) throws IOException {
        if (mask.width() > 0xFFFF || mask.height() > 0xFFFF) {
            throw new IllegalArgumentException(mask.width() + " x " + mask.height() + " pixels");
        }
        Series series = Series.begin();
        String instanceUid = Uids.random();
        DataSetWriter data = new DataSetWriter();
        object(data, series, instanceUid, version);
        image(data, mask);
        data.sequence(0x00620002, segment(label));
        functionalGroups(data, source, identity);
        if (source == null) {
            data.text(0x00080020, Vr.DA, date(series)).text(0x00080030, Vr.TM, time(series))
                    .text(0x0020000D, Vr.UI, series.studyUid());
            Subject.nobody(data, series.studyUid());
        } else {
            Subject.of(data, source, identity, series.studyUid());
            references(data, source, identity);
            if (identity == Identity.REMOVED) {
                data.text(0x00120062, Vr.CS, "YES").text(0x00120063, Vr.LO,
                        "Written without the source's patient and study");
            }
        }
        Subject.write(out, SEGMENTATION, instanceUid, data);
    }

    private static String date(Series series) {
        return DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT).format(series.begun());
    }

    private static String time(Series series) {
        return DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT).format(series.begun());
    }

    /** Object, study without a source, series, equipment (PS3.3 C.7.5.2, all of which are required). */
    private static void object(DataSetWriter data, Series series, String instanceUid, String version) {
        String date = date(series);
        String time = time(series);
        data.text(0x00080005, Vr.CS, "ISO_IR 192").text(0x00080008, Vr.CS, "DERIVED\\PRIMARY")
                .text(0x00080012, Vr.DA, date).text(0x00080013, Vr.TM, time).text(0x00080016, Vr.UI, SEGMENTATION)
                .text(0x00080018, Vr.UI, instanceUid).text(0x00080021, Vr.DA, date).text(0x00080023, Vr.DA, date)
                .text(0x00080031, Vr.TM, time).text(0x00080033, Vr.TM, time).text(0x00080050, Vr.SH, "")
                .text(0x00080060, Vr.CS, "SEG").text(0x00080070, Vr.LO, MAKER).text(0x00080090, Vr.PN, "")
                .text(0x0008103E, Vr.LO, "Mask, research use only").text(0x00081090, Vr.LO, MAKER)
                .text(0x00181000, Vr.LO, version).text(0x00181020, Vr.LO, version)
                .text(0x0020000E, Vr.UI, series.seriesUid()).text(0x00200010, Vr.SH, "")
                .text(0x00200011, Vr.IS, "9002").text(0x00200013, Vr.IS, "1").text(0x00700080, Vr.CS, "MASK")
                .text(0x00700081, Vr.LO, "Mask of an edit, research use only").text(0x00700084, Vr.PN, "");
    }

    private static void image(DataSetWriter data, Mask mask) {
        byte[] bits = new byte[(mask.pixels().length + 7) / 8];
        for (int i = 0; i < mask.pixels().length; i++) {
            bits[i >> 3] |= (byte) (mask.pixels()[i] ? 1 << (i & 7) : 0); // PS3.5 8.1.1: the first pixel is the lowest bit
        }
        data.shorts(0x00280002, 1).text(0x00280004, Vr.CS, "MONOCHROME2").text(0x00280008, Vr.IS, "1")
                .shorts(0x00280010, mask.height()).shorts(0x00280011, mask.width()).shorts(0x00280100, 1)
                .shorts(0x00280101, 1).shorts(0x00280102, 0).shorts(0x00280103, 0).text(0x00282110, Vr.CS, "00")
                .text(0x00620001, Vr.CS, "BINARY").bytes(0x7FE00010, Vr.OB, bits, 0);
    }

    /** The only segment: a region that somebody selected (PS3.16 CID 7150 and DCM 111099). */
    private static DataSetWriter segment(String label) {
        String plain = label.replaceAll("[\\p{Cntrl}\\\\]", " ").strip();
        String cut = plain.substring(0,
                plain.offsetByCodePoints(0, Math.min(LONGEST_LABEL, plain.codePointCount(0, plain.length()))));
        return new DataSetWriter()
                .code(0x00620003, "309825002", "SCT", "Spatial and Relational Concept")
                .shorts(0x00620004, 1).text(0x00620005, Vr.LO, cut.isEmpty() ? "mask" : cut)
                .text(0x00620008, Vr.CS, "MANUAL").code(0x0062000F, "111099", "Selected region");
    }

    /** Dimensions (PS3.3 C.7.6.17) and functional groups (C.7.6.16): one frame, which shows the segment. */
    private static void functionalGroups(DataSetWriter data, @Nullable DicomSource source, Identity identity) {
        String organization = Uids.random();
        data.sequence(0x00209221, new DataSetWriter().text(0x00209164, Vr.UI, organization))
                .sequence(0x00209222, new DataSetWriter().text(0x00209164, Vr.UI, organization)
                        .tag(0x00209165, REFERENCED_SEGMENT).tag(0x00209167, SEGMENT_IDENTIFICATION));
        DataSetWriter frame = new DataSetWriter()
                .sequence(0x00209111, new DataSetWriter().longs(0x00209157, 1))
                .sequence(SEGMENT_IDENTIFICATION, new DataSetWriter().shorts(REFERENCED_SEGMENT, 1));
        DataSetWriter reference = source == null ? null : Subject.reference(source, identity);
        if (reference != null) {
            frame.sequence(0x00089124, new DataSetWriter()
                    .sequence(0x00082112, reference.text(0x0028135A, Vr.CS, "YES")
                            .code(0x0040A170, "121322", "Source image for image processing operation"))
                    .code(0x00089215, "113076", "Segmentation"));
        }
        SpacingReader.Found spacing = source == null ? null : source.spacing();
        data.sequence(0x52009229, spacing == null || spacing.tag() != Tag.PIXEL_SPACING
                ? new DataSetWriter()
                : new DataSetWriter().sequence(0x00289110,
                        new DataSetWriter().decimals(0x00280030, spacing.rows(), spacing.columns())))
                .sequence(0x52009230, frame);
    }

    /** The film's series (Common Instance Reference, PS3.3 C.12.2). */
    private static void references(DataSetWriter data, DicomSource source, Identity identity) {
        DataSetWriter reference = Subject.reference(source, identity);
        String series = source.value(Tag.SERIES_INSTANCE_UID);
        if (reference != null && series != null) {
            data.sequence(0x00081115, new DataSetWriter().sequence(0x0008114A, reference).text(0x0020000E, Vr.UI,
                    Subject.replaced(series, identity)));
        }
    }
}
