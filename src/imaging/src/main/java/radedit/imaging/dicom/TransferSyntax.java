package radedit.imaging.dicom;

import java.util.List;

/**
 * The encoding of a data set (PS3.5 section 10, PS3.6 table A-1).
 *
 * @param explicit
 *            whether elements name their value representations
 * @param deflated
 *            whether the data set is compressed as a whole
 * @param encapsulated
 *            whether pixel data are compressed frames
 */
record TransferSyntax(String uid, String name, boolean explicit, boolean bigEndian, boolean deflated,
        boolean encapsulated) {
    static final TransferSyntax IMPLICIT_LITTLE = new TransferSyntax("1.2.840.10008.1.2", "Implicit VR Little Endian",
            false, false, false, false);
    static final TransferSyntax EXPLICIT_LITTLE = new TransferSyntax("1.2.840.10008.1.2.1", "Explicit VR Little Endian",
            true, false, false, false);
    static final TransferSyntax EXPLICIT_BIG = new TransferSyntax("1.2.840.10008.1.2.2", "Explicit VR Big Endian", true,
            true, false, false);
    private static final TransferSyntax DEFLATED = new TransferSyntax("1.2.840.10008.1.2.1.99",
            "Deflated Explicit VR Little Endian", true, false, true, false);

    private static final List<TransferSyntax> KNOWN = List.of(IMPLICIT_LITTLE, EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED,
            new TransferSyntax("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", true,
                    false, false, true),
            compressed("5", "RLE Lossless"), compressed("4.50", "JPEG Baseline (Process 1)"),
            compressed("4.51", "JPEG Extended (Process 2 and 4)"),
            compressed("4.57", "JPEG Lossless, Non-Hierarchical (Process 14)"),
            compressed("4.70", "JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)"),
            compressed("4.80", "JPEG-LS Lossless"), compressed("4.81", "JPEG-LS Near-Lossless"),
            compressed("4.90", "JPEG 2000 Lossless"), compressed("4.91", "JPEG 2000"));

    private static TransferSyntax compressed(String end, String name) {
        return new TransferSyntax("1.2.840.10008.1.2." + end, name, true, false, false, true);
    }

    /**
     * The syntax of a UID; an unknown one is taken for explicit little endian with compressed frames, like all newer
     * ones.
     */
    static TransferSyntax of(String uid) {
        return KNOWN.stream().filter(t -> t.uid.equals(uid)).findFirst()
                .orElseGet(() -> new TransferSyntax(uid, uid, true, false, false, true));
    }

    /** A copy with another encoding of elements. */
    TransferSyntax written(boolean isExplicit, boolean isBigEndian) {
        return new TransferSyntax(uid, name, isExplicit, isBigEndian, false, encapsulated);
    }

    /** The encoding of elements, in words. */
    String writing() {
        return (explicit ? "explicit" : "implicit") + (bigEndian ? " big endian" : " little endian");
    }
}
