package radedit.imaging.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import radedit.imaging.dicom.SecondaryCapture.Identity;

/** Patient, study and file format of objects that are derived from a film. */
final class Subject {
    private static final String IMPLEMENTATION = "2.25.55776236950641303363065990249158614055";

    private Subject() {
    }

    /** Sets a pseudonymous patient, the same for all objects of a study. */
    static void nobody(DataSetWriter data, String studyUid) {
        String number = studyUid.substring(Math.max(0, studyUid.length() - 12));
        data.text(0x00100010, Vr.PN, "Synthetic^Film").text(0x00100020, Vr.LO, "SYNTHETIC-" + number)
                .text(0x00100030, Vr.DA, "").text(0x00100040, Vr.CS, "");
    }

    /**
     * Sets patient and study.
     *
     * @param studyUid
     *            of a film that names no study
     */
    static void of(DataSetWriter data, DicomSource source, Identity identity, String studyUid) {
        String study = source.value(Tag.STUDY_INSTANCE_UID);
        if (identity == Identity.KEPT) {
            for (Tag t : List.of(Tag.STUDY_DATE, Tag.STUDY_TIME, Tag.PATIENT_NAME, Tag.PATIENT_ID)) {
                data.text(t.code(), t.vr(), "");
            }
            source.identity().forEach((tag, value) -> data.text(tag.code(), tag.vr(), value));
            data.text(0x0020000D, Vr.UI, study == null ? studyUid : study);
        } else {
            String replaced = study == null ? studyUid : Uids.replacing(study);
            nobody(data, replaced);
            data.text(0x00080020, Vr.DA, "").text(0x00080030, Vr.TM, "").text(0x0020000D, Vr.UI, replaced);
        }
    }

    /** A reference to the film (PS3.3 10.3); null if it has no identifiers. */
    static @Nullable DataSetWriter reference(DicomSource source, Identity identity) {
        String sopClass = source.value(Tag.SOP_CLASS_UID);
        String instance = source.value(Tag.SOP_INSTANCE_UID);
        return sopClass == null || instance == null
                ? null
                : new DataSetWriter().text(0x00081150, Vr.UI, sopClass)
                        .text(0x00081155, Vr.UI, replaced(instance, identity));
    }

    /** An identifier of the source, or what replaces it. */
    static String replaced(String uid, Identity identity) {
        return identity == Identity.KEPT ? uid : Uids.replacing(uid);
    }

    /**
     * Writes preamble, file meta information (PS3.10 7.1) and data set.
     *
     * @param out
     *            left open
     */
    static void write(OutputStream out, String sopClass, String instanceUid, DataSetWriter data) throws IOException {
        byte[] meta = new DataSetWriter().bytes(0x00020001, Vr.OB, new byte[]{0, 1}, 0)
                .text(0x00020002, Vr.UI, sopClass).text(0x00020003, Vr.UI, instanceUid)
                .text(0x00020010, Vr.UI, TransferSyntax.EXPLICIT_LITTLE.uid()).text(0x00020012, Vr.UI, IMPLEMENTATION)
                .text(0x00020013, Vr.SH, "RADEDIT").toBytes();
        out.write(new byte[128]);
        out.write("DICM".getBytes(StandardCharsets.US_ASCII));
        out.write(new DataSetWriter().bytes(0x00020000, Vr.UL,
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(meta.length).array(), 0).toBytes());
        out.write(meta);
        out.write(data.toBytes());
    }
}
