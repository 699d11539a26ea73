package radedit.imaging.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Picture;
import radedit.imaging.dicom.SecondaryCapture.Equipment;
import radedit.imaging.dicom.SecondaryCapture.Identity;
import radedit.imaging.dicom.SecondaryCapture.Series;

/** Written objects, checked byte by byte through the reader: structure, values, and absent attributes. */
class SecondaryCaptureTest {
    private static final Series SERIES = new Series("2.25.100", "2.25.200", LocalDateTime.of(2026, 3, 4, 5, 6, 7));
    private static final Equipment MAKER = new Equipment("Maker", "Model", "1.0", "made it");

    @TempDir
    Path temp;

    private byte[] bytes(SecondaryCapture c) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        c.writeTo(out);
        return out.toByteArray();
    }

    private static SecondaryCapture grey() {
        return SecondaryCapture.of(SERIES, 3, new Picture(3, 2, 1, new byte[]{0, 1, 2, 127, -128, -1}))
                .derivation("what \u001b happened", "{\"a\":1}").equipment(MAKER, false);
    }

    /** Tags in the order of the file, sequences by their first item: (gggg,eeee) VR value. */
    private static List<String> listing(byte[] file) throws IOException {
        List<String> out = new ArrayList<>();
        try (DicomFile f = DicomBuilder.parse(file)) {
            list(f.meta(), "", out);
            list(f.dataSet(), "", out);
        }
        return out;
    }

    private static void list(DataSet d, String indent, List<String> out) throws IOException {
        for (Element e : d.elements()) {
            if (e.vr() == Vr.SQ) {
                out.add(indent + Tag.text(e.tag()) + " SQ");
                for (DataSet item : new DataSetParser(d.file(), d.bytes(), d.warnings()).items(e)) {
                    list(item, indent + "> ", out);
                }
            } else {
                boolean binary = e.vr() == Vr.US || e.vr() == Vr.OB || e.vr() == Vr.UL || e.vr() == Vr.OW;
                byte[] raw = d.raw(e);
                assertEquals(0, raw.length % 2, "even length");
                StringBuilder value = new StringBuilder();
                for (byte b : raw) {
                    value.append(binary ? String.format("%02x", b) : "");
                }
                out.add(indent + Tag.text(e.tag()) + " " + e.vr() + " "
                        + (binary ? value : new String(raw, StandardCharsets.UTF_8).replace("\0", "")));
            }
        }
    }

    private static String value(List<String> listing, String tag) {
        return listing.stream().filter(l -> l.startsWith(tag)).findFirst().map(l -> l.substring(15).strip())
                .orElse(null);
    }

    @Test
    void aGeneratedPictureHasAllThatTheStandardDemands() throws IOException {
        byte[] file = bytes(grey());
        assertEquals("DICM", new String(file, 128, 4, StandardCharsets.US_ASCII));
        List<String> all = listing(file);
        String uid = value(all, "(0008,0018)");
        assertTrue(uid.startsWith("2.25.") && Uids.isValid(uid), uid);
        String expected = """
                (0002,0000) UL LENGTH
                (0002,0001) OB 0001
                (0002,0002) UI 1.2.840.10008.5.1.4.1.1.7
                (0002,0003) UI UID
                (0002,0010) UI 1.2.840.10008.1.2.1
                (0002,0012) UI 2.25.55776236950641303363065990249158614055
                (0002,0013) SH RADEDIT
                (0008,0005) CS ISO_IR 192
                (0008,0008) CS DERIVED\\SECONDARY
                (0008,0012) DA 20260304
                (0008,0013) TM 050607
                (0008,0016) UI 1.2.840.10008.5.1.4.1.1.7
                (0008,0018) UI UID
                (0008,001C) CS YES
                (0008,0020) DA 20260304
                (0008,0021) DA 20260304
                (0008,0023) DA 20260304
                (0008,0030) TM 050607
                (0008,0031) TM 050607
                (0008,0033) TM 050607
                (0008,0050) SH
                (0008,0060) CS OT
                (0008,0064) CS SYN
                (0008,0070) LO Maker
                (0008,0090) PN
                (0008,103E) LO Synthetic, research use only
                (0008,1090) LO Model
                (0008,2111) ST what   happened
                (0010,0010) PN Synthetic^Film
                (0010,0020) LO SYNTHETIC-2.25.100
                (0010,0030) DA
                (0010,0040) CS
                (0018,0015) CS CHEST
                (0018,1012) DA 20260304
                (0018,1014) TM 050607
                (0018,1016) LO Maker
                (0018,1018) LO Model
                (0018,1019) LO 1.0
                (0018,1020) LO 1.0
                (0018,A001) SQ
                > (0008,0070) LO Maker
                > (0008,1090) LO Model
                > (0018,1020) LO 1.0
                > (0018,A002) DT 20260304050607
                > (0018,A003) ST made it
                > (0040,A170) SQ
                > > (0008,0100) SH 109102
                > > (0008,0102) SH DCM
                > > (0008,0104) LO Processing Equipment
                (0019,0010) LO RADEDIT
                (0019,1001) UT {"a":1}
                (0020,000D) UI 2.25.100
                (0020,000E) UI 2.25.200
                (0020,0010) SH
                (0020,0011) IS 9001
                (0020,0013) IS 3
                (0020,0020) CS
                (0028,0002) US 0100
                (0028,0004) CS MONOCHROME2
                (0028,0010) US 0200
                (0028,0011) US 0300
                (0028,0100) US 0800
                (0028,0101) US 0800
                (0028,0102) US 0700
                (0028,0103) US 0000
                (0028,0301) CS NO
                (0028,1050) DS 128
                (0028,1051) DS 256
                (7FE0,0010) OB 0001027f80ff
                """;
        StringBuilder text = new StringBuilder();
        for (String l : all) {
            text.append(l.startsWith("(0002,0000)") ? "(0002,0000) UL LENGTH" : l.replace(uid, "UID").stripTrailing())
                    .append('\n');
        }
        assertEquals(expected, text.toString());
        // The length of the meta information leads to the first element of the data set.
        int length = Integer.reverseBytes(Integer.parseUnsignedInt(value(all, "(0002,0000)"), 16));
        assertArrayEquals(new byte[]{8, 0, 5, 0}, java.util.Arrays.copyOfRange(file, 144 + length, 148 + length));
    }

    @Test
    void picturesComeBackAsTheyWere() throws IOException {
        Path file = temp.resolve("x.dcm");
        Files.write(file, bytes(grey()));
        Film film = Films.read(file);
        assertArrayEquals(new byte[]{0, 1, 2, 127, -128, -1}, film.picture().samples());
        assertEquals(1 / 255.0, film.display()[1], 1e-15);

        byte[] colours = {1, 2, 3, -4, 5, 6, 7, 8, 9};
        Files.write(file, bytes(SecondaryCapture.of(SERIES, 1, new Picture(1, 3, 3, colours))));
        assertArrayEquals(colours, Films.read(file).picture().samples());

        int[] deep = {0, 4095, 17, 2048};
        Files.write(file, bytes(new SecondaryCapture(SERIES, 1, 2, 2, 1, 12, deep)));
        Film twelve = Films.read(file);
        assertArrayEquals(deep, twelve.pixels().integers());
        assertEquals(17 / 4095.0, twelve.display()[2], 1e-15);
        assertEquals(listing(bytes(grey())).size(),
                listing(bytes(SecondaryCapture.of(SERIES, 1, new Picture(3, 2, 1, new byte[6])).derivation("", "")
                        .equipment(MAKER, true))).size());
    }

    private static DicomBuilder patient(String charset) {
        DicomBuilder b = DicomBuilder.explicit();
        if (charset != null) {
            b.text(0x00080005, "CS", charset);
        }
        return b.uid(0x00080016, "1.2.840.10008.5.1.4.1.1.1").uid(0x00080018, "1.2.3.4")
                .text(0x00080020, "DA", "20200102")
                .text(0x00080050, "SH", "ACC7").text(0x00080060, "CS", "CR");
    }

    private static DicomSource source(DicomBuilder b) throws IOException {
        try (DicomFile f = DicomBuilder.parse(b.file("1.2.840.10008.1.2.1"))) {
            return DicomSource.of(f);
        }
    }

    private static DicomBuilder named(DicomBuilder b, byte[] name) {
        return b.value(0x00100010, "PN", name).text(0x00100020, "LO", "ID42").text(0x00100030, "DA", "19700101")
                .text(0x00100040, "CS", "F").text(0x00185101, "CS", "PA").text(0x00181164, "DS", "0.2\\0.1")
                .uid(0x0020000D, "1.2.3").text(0x00200020, "CS", "L\\F").text(0x00280301, "CS", "YES");
    }

    @Test
    void aKeptPatientIsTakenOver() throws IOException {
        DicomSource s = source(named(patient("ISO_IR 100"), "M\u00fcller^Eva".getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(s.isIdentified() && s.declaresBurnedInAnnotation());
        List<String> all = listing(bytes(grey().source(s, Identity.KEPT).spacing(s, 2, 4)));
        assertEquals("M\u00fcller^Eva", value(all, "(0010,0010)"));
        assertEquals("ID42", value(all, "(0010,0020)"));
        assertEquals("19700101", value(all, "(0010,0030)"));
        assertEquals("F", value(all, "(0010,0040)"));
        assertEquals("20200102", value(all, "(0008,0020)"));
        assertEquals("", value(all, "(0008,0030)"), "a time that the source lacks is not made up");
        assertEquals("ACC7", value(all, "(0008,0050)"));
        assertEquals("CR", value(all, "(0008,0060)"));
        assertEquals("1.2.3", value(all, "(0020,000D)"));
        assertEquals("2.25.200", value(all, "(0020,000E)"), "a series of its own");
        assertEquals("L\\F", value(all, "(0020,0020)"));
        assertEquals("YES", value(all, "(0028,0301)"));
        assertEquals("0.4\\0.4", value(all, "(0018,1164)"));
        assertTrue(all.contains("> (0008,1150) UI 1.2.840.10008.5.1.4.1.1.1"), all.toString());
        assertTrue(all.contains("> (0008,1155) UI 1.2.3.4"), all.toString());
        assertEquals(null, value(all, "(0012,0062)"));
    }

    @Test
    void aRemovedPatientLeavesNothing() throws IOException {
        DicomSource s = source(named(patient(null), "Doe^Eva".getBytes(StandardCharsets.US_ASCII)));
        byte[] file = bytes(grey().source(s, Identity.REMOVED));
        String raw = new String(file, StandardCharsets.ISO_8859_1);
        for (String telling : List.of("Doe", "ID42", "19700101", "20200102", "ACC7", "1.2.3\0", "1.2.3.4")) {
            assertFalse(raw.contains(telling), telling);
        }
        List<String> all = listing(file);
        assertEquals("YES", value(all, "(0012,0062)"));
        assertEquals("CR", value(all, "(0008,0060)"));
        assertEquals(Uids.replacing("1.2.3"), value(all, "(0020,000D)"));
        assertTrue(all.contains("> (0008,1155) UI " + Uids.replacing("1.2.3.4")));
        assertNotEquals(Uids.replacing("1.2.3"), Uids.replacing("1.2.3.4"));
        assertTrue(Uids.isValid(Uids.replacing("1.2.3")) && Uids.isValid(Uids.random()));
    }

    @Test
    void charactersOfManySets() throws IOException {
        assertName("ISO_IR 192", "\u738b^\u5c0f\u6771".getBytes(StandardCharsets.UTF_8), "\u738b^\u5c0f\u6771");
        assertName("GB18030", "\u738b^\u5c0f\u4e1c".getBytes(Charset.forName("GB18030")), "\u738b^\u5c0f\u4e1c");
        assertName("ISO_IR 144", "\u041b\u044e\u043a".getBytes(Charset.forName("ISO-8859-5")), "\u041b\u044e\u043a");
        // The examples of PS3.5 annexes H.3.1 and I.2.
        assertName("\\ISO 2022 IR 87", hex("59616d6164615e5461726f753d1b2442") + hex("3b3345441b28425e1b2442")
                + hex("42404f3a1b2842"), "Yamada^Tarou=\u5c71\u7530^\u592a\u90ce");
        assertName("\\ISO 2022 IR 149", hex("486f6e673d1b242943") + "\u00fb\u00f3", "Hong=\u6d2a");
        DicomSource none = source(named(patient("ISO_IR 192"), new byte[]{'A', (byte) 0xFF}));
        assertEquals(List.of("Patient's Name (0010,0010)"), none.leftOut());
    }

    private static String hex(String digits) {
        return new String(java.util.HexFormat.of().parseHex(digits), StandardCharsets.ISO_8859_1);
    }

    private void assertName(String charset, String latin1, String name) throws IOException {
        assertName(charset, latin1.getBytes(StandardCharsets.ISO_8859_1), name);
    }

    private void assertName(String charset, byte[] raw, String name) throws IOException {
        byte[] even = java.util.Arrays.copyOf(raw, raw.length + raw.length % 2);
        DicomSource s = source(named(patient(charset), even));
        assertEquals(List.of(), s.leftOut(), charset);
        assertEquals(name, value(listing(bytes(grey().source(s, Identity.KEPT))), "(0010,0010)"), charset);
    }

    @Test
    void valuesThatAreNotAsTheyShouldBeAreLeftOut() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().uid(0x00080018, "1.2.x").text(0x00080020, "DA", "2020-01-02")
                .text(0x00080030, "TM", "25h").text(0x00080060, "CS", "cr").text(0x00100010, "PN", "A".repeat(70))
                .text(0x00101010, "AS", "62").text(0x00280030, "DS", "0\\1").text(0x00280301, "CS", "MAYBE");
        DicomSource s = source(b);
        assertEquals(7, s.leftOut().size(), s.leftOut().toString());
        assertTrue(s.isIdentified(), "a name that cannot be kept is a name");
        assertEquals(List.of(), listing(bytes(grey().source(s, Identity.KEPT).spacing(s, 1, 1))).stream()
                .filter(l -> l.startsWith("(0008,2112)") || l.startsWith("(0028,0030)")).toList());
        assertFalse(source(DicomBuilder.explicit().text(0x00080060, "CS", "CR")).isIdentified());
    }

    @Test
    void lossIsRemembered() throws IOException {
        DicomBuilder b = patient(null).image(8, 8, "MONOCHROME2", 1, 8);
        b.fragments(new byte[0], new byte[14]);
        try (DicomFile f = DicomBuilder.parse(b.file("1.2.840.10008.1.2.4.50"))) {
            List<String> all = listing(bytes(grey().source(DicomSource.of(f), Identity.KEPT)));
            assertEquals("01", value(all, "(0028,2110)"));
            assertEquals("ISO_10918_1", value(all, "(0028,2114)"));
            assertTrue(Double.parseDouble(value(all, "(0028,2112)")) > 1);
        }
        DicomSource said = source(patient(null).text(0x00282110, "CS", "01").text(0x00282112, "DS", "12.5")
                .text(0x00282114, "CS", "ISO_15444_1"));
        List<String> all = listing(bytes(grey().source(said, Identity.KEPT)));
        assertEquals("12.5", value(all, "(0028,2112)"));
        assertEquals("ISO_15444_1", value(all, "(0028,2114)"));
    }

    @Test
    void lengthsAreBounded() throws IOException {
        String settings = "x".repeat(100_001);
        List<String> all = listing(bytes(grey().derivation("\ud83d\ude00".repeat(3000), settings)));
        assertEquals(1024, value(all, "(0008,2111)").codePointCount(0, value(all, "(0008,2111)").length()));
        assertEquals(settings, value(all, "(0019,1001)"));
        assertEquals("0.3333333333", DataSetWriter.decimal(1 / 3.0));
        assertEquals("1.2345679E-20", DataSetWriter.decimal(1.23456789012e-20));
        assertTrue(DataSetWriter.decimal(-1e-300 / 3).length() <= 16);
    }
}
