package radedit.imaging.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.Test;

import radedit.imaging.FilmContent;
import radedit.imaging.FilmSpace;
import radedit.imaging.ImageFormatException;
import radedit.imaging.MaskSelection;
import radedit.imaging.PixelSpacing;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.Padding;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;

/** Invalid data sets that occur: read as their writers meant them, with a warning where something was guessed. */
class OddDataSetsTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String BIG = "1.2.840.10008.1.2.2";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    private static final String RLE = "1.2.840.10008.1.2.5";
    private static final int[] PIXELS = {0, 1, 2, 3, 4, 5};

    private static DicomBuilder begun() {
        return DicomBuilder.explicit().text(0x00080060, "CS", "DX");
    }

    /** 2 x 3 pixels of 16 bits, 0 to 5, behind what a data set has. */
    private static byte[] dataSet(DicomBuilder b) {
        return b.like().bytes(b.dataSet()).image(2, 3, "MONOCHROME2", 1, 16)
                .value(0x7FE00010, "OW", b.words(PIXELS)).dataSet();
    }

    /** Elements of group 28 before the pixel data. */
    private static FilmContent film(DicomBuilder more) throws ImageFormatException {
        DicomBuilder b = DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 16).bytes(more.dataSet());
        return DicomBuilder.read(b.value(0x7FE00010, "OW", b.words(PIXELS)).file(EXPLICIT));
    }

    private static void assertRead(String what, byte[] file, String... warnings) throws ImageFormatException {
        FilmContent content = DicomBuilder.read(file);
        assertArrayEquals(PIXELS, content.pixels().integers(), what);
        assertWarned(what, content, warnings);
    }

    private static void assertWarned(String what, FilmContent content, String... warnings) {
        assertEquals(warnings.length, content.warnings().size(), what + ": " + content.warnings());
        for (int i = 0; i < warnings.length; i++) {
            assertTrue(content.warnings().get(i).toString().contains(warnings[i]), what + ": " + content.warnings());
        }
    }

    @Test
    void elementsWithoutOrWithUnknownValueRepresentation() throws IOException {
        byte[] value = "hello!".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        DicomBuilder implicit = new DicomBuilder(false, false).value(0x00091010, null, value);
        assertRead("none", DicomBuilder.file(EXPLICIT, dataSet(begun().bytes(implicit.dataSet()))), "(0009,1010)");
        assertRead("the first", DicomBuilder.file(EXPLICIT, dataSet(DicomBuilder.explicit()
                .bytes(new DicomBuilder(false, false).value(0x00080001, null, new byte[4]).dataSet())
                .text(0x00080060, "CS", "DX"))), "(0008,0001)");
        for (String vr : new String[]{"ZZ", "us", "  ", "??", "\0\0", "OX", "--"}) {
            for (int length : new int[]{0, 6}) {
                byte[] some = Arrays.copyOf(value, length);
                ByteBuffer brief = header(vr, 8).putShort((short) length);
                ByteBuffer wide = header(vr, 12).putShort((short) 0).putInt(length);
                for (ByteBuffer h : new ByteBuffer[]{brief, wide}) {
                    byte[] set = dataSet(begun().bytes(h.array()).bytes(some));
                    assertRead("'" + vr + "' " + length, DicomBuilder.file(EXPLICIT, set), "(0009,1010)");
                }
            }
        }
        DicomBuilder several = begun();
        for (int k = 0; k < 9; k++) {
            several.bytes(k % 3 == 0
                    ? new DicomBuilder(false, false).value(0x00091020 + k, null, value).dataSet()
                    : DicomBuilder.explicit().header(0x00091020 + k, k % 3 == 1 ? "ZZ" : "zz", 6).bytes(value)
                            .dataSet());
        }
        assertRead("side by side", DicomBuilder.file(EXPLICIT, dataSet(several)), "1020", "1021", "1022", "1023",
                "1024",
                "1025", "1026", "1027", "1028");
        // A short length behind a representation that has a long one.
        byte[] brief = header("OB", 8).putShort((short) 6).array();
        assertRead("OB", DicomBuilder.file(EXPLICIT, dataSet(begun().bytes(brief).bytes(value))));
        // A value that is used is found as well.
        DicomBuilder slope = new DicomBuilder(false, false).value(0x00281053, null, new byte[]{'2', ' '});
        assertEquals(new ModalityTransform.Rescale(2, 0), film(slope).meanings().getFirst().modality());
        // A length that leads to no other element is damage.
        byte[] lost = dataSet(begun().bytes(header("??", 8).putShort((short) 5).array()).bytes(value));
        assertThrows(ImageFormatException.class, () -> DicomBuilder.read(DicomBuilder.file(EXPLICIT, lost)));
    }

    private static ByteBuffer header(String vr, int size) {
        ByteBuffer b = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        return b.putShort((short) 9).putShort((short) 0x1010).put((byte) vr.charAt(0)).put((byte) vr.charAt(1));
    }

    @Test
    void unknownSequencesOfUndefinedLength() throws IOException {
        for (boolean explicit : new boolean[]{false, true}) {
            for (boolean open : new boolean[]{false, true}) {
                String what = "explicit " + explicit + ", open " + open;
                DicomBuilder item = new DicomBuilder(explicit, false).uid(0x00081150, "1.2.3").uid(0x00081155, "1.2");
                DicomBuilder inner = new DicomBuilder(explicit, false).sequence(0x00091020, "SQ", true, item, item);
                for (DicomBuilder content : new DicomBuilder[]{item, inner}) {
                    DicomBuilder sequence = DicomBuilder.explicit().header(0x00091010, "UN", -1)
                            .header(Tag.ITEM, null, open ? -1 : content.dataSet().length).bytes(content.dataSet());
                    sequence = open ? sequence.header(Tag.ITEM_END, null, 0) : sequence;
                    byte[] all = sequence.header(Tag.SEQUENCE_END, null, 0).dataSet();
                    assertRead(what, DicomBuilder.file(EXPLICIT, dataSet(begun().bytes(all))));
                    // The same within a sequence.
                    byte[] outer = DicomBuilder.explicit().sequence(0x00091000, "SQ", true,
                            DicomBuilder.explicit().bytes(all)).dataSet();
                    assertRead(what, DicomBuilder.file(EXPLICIT, dataSet(begun().bytes(outer))));
                }
                // One whose content is used.
                DicomBuilder lut = new DicomBuilder(explicit, false).us(0x00283002, 2, 10, 8).value(0x00283006, "OW",
                        new byte[]{7, 9});
                DicomBuilder voi = DicomBuilder.explicit().header(0x00283010, "UN", -1)
                        .header(Tag.ITEM, null, open ? -1 : lut.dataSet().length).bytes(lut.dataSet());
                voi = open ? voi.header(Tag.ITEM_END, null, 0) : voi;
                PixelMeaning m = film(voi.header(Tag.SEQUENCE_END, null, 0)).meanings().getFirst();
                assertArrayEquals(new int[]{7, 9}, ((Voi.Table) m.view()).lut().entries(), what);
            }
        }
        // No items at all, or none of known make.
        DicomBuilder raw = begun().header(0x00091010, "UN", -1).bytes(new byte[20]).header(Tag.SEQUENCE_END, null, 0);
        assertRead("raw", DicomBuilder.file(EXPLICIT, dataSet(raw)));
        byte[] endless = begun().header(0x00091010, "UN", -1).bytes(new byte[200]).file(EXPLICIT);
        assertTrue(assertThrows(ImageFormatException.class, () -> DicomBuilder.read(endless)).getMessage()
                .contains("truncated"));
    }

    @Test
    void delimitersInTheWrongPlace() throws IOException {
        DicomBuilder item = DicomBuilder.explicit().us(0x00091030, 1);
        DicomBuilder stray = begun().header(0x00091010, "SQ", -1).header(Tag.ITEM, null, item.dataSet().length)
                .bytes(item.dataSet()).header(Tag.ITEM_END, null, 0).header(Tag.SEQUENCE_END, null, 0);
        assertRead("behind an item of defined length", DicomBuilder.file(EXPLICIT, dataSet(stray)));
        DicomBuilder missing = begun().header(0x00091010, "SQ", -1).header(Tag.ITEM, null, -1).bytes(item.dataSet())
                .header(Tag.SEQUENCE_END, null, 0);
        assertRead("the sequence's in place of the item's", DicomBuilder.file(EXPLICIT, dataSet(missing)));
        DicomBuilder next = begun().header(0x00091010, "SQ", -1).header(Tag.ITEM, null, -1).bytes(item.dataSet())
                .header(Tag.ITEM, null, -1).bytes(item.dataSet()).header(Tag.ITEM_END, null, 0)
                .header(Tag.SEQUENCE_END, null, 0);
        assertRead("an item that ends with the next", DicomBuilder.file(EXPLICIT, dataSet(next)));
        DicomBuilder length = begun().header(0x00091010, "SQ", -1).header(Tag.ITEM, null, -1).bytes(item.dataSet())
                .header(Tag.ITEM_END, null, 77).header(Tag.SEQUENCE_END, null, -1);
        assertRead("delimiters with a length", DicomBuilder.file(EXPLICIT, dataSet(length)));
    }

    @Test
    void writtenOtherwiseThanTheTransferSyntaxSays() throws IOException {
        byte[] explicit = dataSet(begun());
        byte[] implicit = dataSet(new DicomBuilder(false, false).text(0x00080060, "CS", "DX"));
        byte[] big = dataSet(new DicomBuilder(true, true).text(0x00080060, "CS", "DX"));
        assertRead("implicit", DicomBuilder.file(EXPLICIT, implicit), "written as implicit little endian");
        assertRead("explicit", DicomBuilder.file(IMPLICIT, explicit), "written as explicit little endian");
        assertRead("big", DicomBuilder.file(EXPLICIT, big), "written as explicit big endian");
        assertRead("little", DicomBuilder.file(BIG, explicit), "written as explicit little endian");
        assertRead("not deflated", DicomBuilder.file(DEFLATED, explicit), "written as explicit little endian");
        ByteArrayOutputStream zlib = new ByteArrayOutputStream();
        try (DeflaterOutputStream d = new DeflaterOutputStream(zlib)) {
            d.write(explicit);
        }
        assertRead("zlib", DicomBuilder.file(DEFLATED, zlib.toByteArray()));
        for (String syntax : new String[]{EXPLICIT, IMPLICIT, BIG}) {
            byte[] set = syntax.equals(EXPLICIT) ? explicit : syntax.equals(IMPLICIT) ? implicit : big;
            assertRead("as said", DicomBuilder.file(syntax, set));
        }
    }

    @Test
    void windowsThatCannotBeUnderstood() throws IOException {
        String[][] cases = {{"NaN", "400", null}, {"40 HU", "400 HU", null}, {"", "", ""}, {"  ", "  ", ""},
                {"40", "0", null}, {"40", "-3", null}, {"40", "1e999", null}, {"1.024,5", "9", null},
                {"\\40", "\\400", "40.0 400.0"}, {"x\\40", "1\\400", "40.0 400.0"}, {"40\\", "400", "40.0 400.0!"},
                {"1024,5", "4096,0", "1024.5 4096.0"}, {"+1,5e2", ",5e3", "150.0 500.0"},
                {"1e3", "+.5E+3", "1000.0 500.0!"}};
        for (String[] c : cases) {
            FilmContent content = film(
                    DicomBuilder.explicit().text(0x00281050, "DS", c[0]).text(0x00281051, "DS", c[1]));
            assertArrayEquals(PIXELS, content.pixels().integers());
            Voi view = content.meanings().getFirst().view();
            String found = view instanceof Voi.Window w ? w.centre() + " " + w.width() : "";
            String expected = c[2] == null ? "" : c[2].replace("!", "");
            assertEquals(expected, found, c[0] + ", " + c[1]);
            boolean silent = c[2] != null && (c[2].isEmpty() || c[2].endsWith("!"));
            assertEquals(silent, content.warnings().isEmpty(), c[0] + ": " + content.warnings());
        }
        FilmContent lone = film(DicomBuilder.explicit().text(0x00281050, "DS", "40"));
        assertWarned("no width", lone, "has only one of Window Center");
        assertNull(lone.meanings().getFirst().view());
    }

    @Test
    void rescalesThatCannotBeUnderstood() throws IOException {
        DicomBuilder window = DicomBuilder.explicit().text(0x00281050, "DS", "3").text(0x00281051, "DS", "4");
        for (String[] c : new String[][]{{"abc", "0"}, {"0", "0"}, {"1", "x"}, {"NaN", "1"}, {"1 HU", "0"}}) {
            FilmContent content = film(DicomBuilder.explicit().bytes(window.dataSet()).text(0x00281052, "DS", c[1])
                    .text(0x00281053, "DS", c[0]));
            assertWarned(c[0], content, "stored values are used as they are");
            PixelMeaning m = content.meanings().getFirst();
            assertEquals(ModalityTransform.IDENTITY, m.modality());
            assertNull(m.view(), "a window goes by rescaled values");
        }
        FilmContent comma = film(DicomBuilder.explicit().bytes(window.dataSet()).text(0x00281052, "DS", "-1024,25")
                .text(0x00281053, "DS", "0,5"));
        assertEquals(new ModalityTransform.Rescale(0.5, -1024.25), comma.meanings().getFirst().modality());
        assertWarned("comma", comma, "'0,5' with a decimal comma; 0.5", "-1024.25 is used");
        FilmContent empty = film(DicomBuilder.explicit().bytes(window.dataSet()).text(0x00281052, "DS", "")
                .text(0x00281053, "DS", "  "));
        assertEquals(ModalityTransform.IDENTITY, empty.meanings().getFirst().modality());
        assertWarned("empty", empty);
        // Other ways to write the same number.
        byte[] two = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(2).array();
        assertEquals(new ModalityTransform.Rescale(2, 0),
                film(DicomBuilder.explicit().value(0x00281053, "FD", two)).meanings().getFirst().modality());
        assertEquals(new ModalityTransform.Rescale(2, 0),
                film(DicomBuilder.explicit().text(0x00281053, "LO", "2.0")).meanings().getFirst().modality());
    }

    @Test
    void paddingAndFramesInTheWrongForm() throws IOException {
        byte[] five = {5, 0};
        for (String vr : new String[]{"US", "SS", "OW", "OB", "UN"}) {
            assertEquals(Padding.between(5, 5),
                    film(DicomBuilder.explicit().value(0x00280120, vr, five)).meanings().getFirst().padding(), vr);
        }
        for (String vr : new String[]{"DS", "IS", "LO"}) {
            FilmContent c = film(DicomBuilder.explicit().text(0x00280120, vr, "5"));
            assertEquals(Padding.between(5, 5), c.meanings().getFirst().padding(), vr);
        }
        FilmContent wrong = film(DicomBuilder.explicit().text(0x00280120, "IS", "abc"));
        assertEquals(Padding.NONE, wrong.meanings().getFirst().padding());
        assertWarned("padding", wrong, "Pixel Padding Value (0028,0120) is 'abc'");
        for (String frames : new String[]{"", "  ", "1", "1.0", "1\\1"}) {
            assertWarned("'" + frames + "'", film(DicomBuilder.explicit().text(0x00280008, "IS", frames)));
        }
        assertWarned("0", film(DicomBuilder.explicit().text(0x00280008, "IS", "0")), "is 0; 1 is used");
        DicomBuilder two = DicomBuilder.explicit().image(1, 3, "MONOCHROME2", 1, 16);
        FilmContent first = DicomBuilder.read(two.value(0x7FE00010, "OW", two.words(PIXELS)).file(EXPLICIT));
        assertWarned("more", first, "room for 2 frames, of which 1 is read");
        assertArrayEquals(new int[]{0, 1, 2}, first.pixels().integers());
    }

    @Test
    void whatNearlyAllFilmsHaveIsTakenWhereItIsMissing() throws IOException {
        DicomBuilder bare = DicomBuilder.explicit().text(0x00280004, "CS", "MONOCHROME2").us(0x00280010, 2)
                .us(0x00280011, 3).us(0x00280100, 16);
        assertRead("bare", bare.value(0x7FE00010, "OW", bare.words(PIXELS)).file(EXPLICIT),
                "has no Samples per Pixel (0028,0002); 1 is used", "has no Bits Stored (0028,0101); 16 is used",
                "has no Pixel Representation (0028,0103); 0 is used");
        DicomBuilder colour = DicomBuilder.explicit().image(1, 2, "RGB", 3, 8).value(0x7FE00010, "OB",
                new byte[]{1, 2, 3, 4, 5, 6});
        assertWarned("planes", DicomBuilder.read(colour.file(EXPLICIT)), "has no Planar Configuration (0028,0006); 0");
        // Chrominance that is wrongly declared subsampled would be read as noise.
        DicomBuilder full = DicomBuilder.explicit().image(2, 4, "YBR_FULL_422", 3, 8).us(0x00280006, 0)
                .value(0x7FE00010, "OB", new byte[24]);
        assertThrows(ImageFormatException.class, () -> DicomBuilder.read(full.file(EXPLICIT)));
    }

    /** Values of 12 bits in cells of 16, with the given Bits Stored and High Bit. */
    @Test
    void highBitsThatDisagree() throws IOException {
        int[][] cases = {{16, 11, 0}, {16, 0, 0}, {16, 16, 0}, {12, 7, 0}, {12, 200, 0}, {12, 15, 0}, {12, 15, 4},
                {12, 14, 3}};
        int[] values = {0, 7, 2047, 4095, 1, 3000};
        for (int[] c : cases) {
            DicomBuilder b = DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 16).us(0x00280101, c[0])
                    .us(0x00280102, c[1]);
            int[] cells = Arrays.stream(values).map(v -> v << c[2]).toArray();
            FilmContent content = DicomBuilder.read(b.value(0x7FE00010, "OW", b.words(cells)).file(EXPLICIT));
            assertArrayEquals(values, content.pixels().integers(), Arrays.toString(c));
            assertWarned(Arrays.toString(c), content, "High Bit (0028,0102) is " + c[1]);
        }
        // Signed values that were written in the lowest bits.
        int[] signed = {-5, 7, -2048, 2047, 1, -1};
        DicomBuilder b = DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 16).us(0x00280101, 12)
                .us(0x00280102, 15).us(0x00280103, 1);
        FilmContent content = DicomBuilder.read(b.value(0x7FE00010, "OW", b.words(signed)).file(EXPLICIT));
        assertArrayEquals(signed, content.pixels().integers());
    }

    @Test
    void presentationLutShapeGoesBeforePhotometricInterpretation() throws IOException {
        // As DCMTK's dcm2pnm shows each of them.
        String[][] cases = {{"MONOCHROME1", "", "true"}, {"MONOCHROME1", "IDENTITY", "false"},
                {"MONOCHROME1", "INVERSE", "true"}, {"MONOCHROME1", "LIN OD", "true"}, {"MONOCHROME2", "", "false"},
                {"MONOCHROME2", "IDENTITY", "false"}, {"MONOCHROME2", "INVERSE", "true"},
                {"MONOCHROME2", "LIN OD", "false"}};
        for (String[] c : cases) {
            DicomBuilder b = DicomBuilder.explicit().image(2, 3, c[0], 1, 16).text(0x20500020, "CS", c[1]);
            FilmContent content = DicomBuilder.read(b.value(0x7FE00010, "OW", b.words(PIXELS)).file(EXPLICIT));
            assertEquals(c[2], "" + content.meanings().getFirst().isInverted(), Arrays.toString(c));
            boolean agree = c[1].isEmpty() || c[1].equals(c[0].endsWith("1") ? "INVERSE" : "IDENTITY");
            assertEquals(agree, content.warnings().isEmpty(), content.warnings().toString());
        }
    }

    @Test
    void spacings() throws IOException {
        DicomBuilder pixel = DicomBuilder.explicit().text(0x00280030, "DS", "0.2\\0.25");
        DicomBuilder imager = DicomBuilder.explicit().text(0x00181164, "DS", "0.15\\0.15");
        DicomBuilder scanned = DicomBuilder.explicit().text(0x00182010, "DS", "0.1\\0.1");
        assertEquals(new PixelSpacing(0.2, 0.25, "Pixel Spacing (0028,0030)"), film(pixel).space());
        assertEquals(0.8, film(pixel).pixelAspect());
        // Not divided by the magnification.
        imager.text(0x00181114, "DS", "1.5");
        assertEquals(new PixelSpacing(0.15, 0.15, "Imager Pixel Spacing (0018,1164)"), film(imager).space());
        assertEquals(new PixelSpacing(0.1, 0.1, "Nominal Scanned Pixel Spacing (0018,2010)"), film(scanned).space());
        DicomBuilder both = DicomBuilder.explicit().bytes(imager.dataSet()).bytes(pixel.dataSet());
        assertEquals(new PixelSpacing(0.2, 0.25, "Pixel Spacing (0028,0030)"), film(both).space());
        DicomBuilder shared = DicomBuilder.explicit().sequence(0x52009229, "SQ", true,
                DicomBuilder.explicit().sequence(0x00289110, "SQ", true, pixel));
        assertEquals(new PixelSpacing(0.2, 0.25, "Pixel Spacing (0028,0030)"), film(shared).space());
        for (String bad : new String[]{"0\\0", "0.2", "a\\b", "-1\\1", "nan\\nan"}) {
            FilmContent content = film(DicomBuilder.explicit().text(0x00280030, "DS", bad));
            assertEquals(FilmSpace.UNKNOWN, content.space(), bad);
            assertWarned(bad, content, "Pixel Spacing (0028,0030) is '" + bad);
        }
        assertEquals(new PixelSpacing(0.2, 0.3, "Pixel Spacing (0028,0030)"),
                film(DicomBuilder.explicit().text(0x00280030, "DS", "0,2\\0,3")).space());
    }

    @Test
    void encapsulatedPixelsThatAreNotAsTheyShouldBe() throws IOException {
        byte[] frame = rle(PIXELS);
        byte[] whole = rleFilm(1).fragments(new byte[0], frame).file(RLE);
        assertRead("as it should be", whole);
        byte[] open = Arrays.copyOf(whole, whole.length - 8);
        assertRead("no delimiter", open);
        assertRead("zeros for it", Arrays.copyOf(open, whole.length + 20), "no delimiter");
        byte[] endless = whole.clone();
        Arrays.fill(endless, whole.length - 4, whole.length, (byte) -1);
        assertRead("a delimiter of undefined length", endless);
        byte[] three = {0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0};
        assertRead("a table for more frames", rleFilm(1).fragments(three, frame).file(RLE), "hold 3 frames");
        for (byte[] table : List.of(new byte[0], new byte[]{0, 0, 0, 0, 9, 9, 9, 9}, new byte[4], new byte[8])) {
            FilmContent two = DicomBuilder.read(rleFilm(2).fragments(table, frame, frame).file(RLE));
            assertEquals(2, two.pixels().frames());
            assertArrayEquals(PIXELS, Arrays.copyOfRange(two.pixels().integers(), 6, 12));
            assertEquals(table.length == 0, two.warnings().isEmpty(), two.warnings().toString());
        }
    }

    private static DicomBuilder rleFilm(int frames) {
        return DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 16).text(0x00280008, "IS", "" + frames);
    }

    /** A frame of samples below 256 in two segments, the upper bytes first. */
    private static byte[] rle(int[] values) {
        ByteBuffer b = ByteBuffer.allocate(64 + 2 + 2 + values.length).order(ByteOrder.LITTLE_ENDIAN);
        b.putInt(2).putInt(64).putInt(66).position(64);
        b.put((byte) (1 - values.length)).put((byte) 0).put((byte) (values.length - 1));
        for (int v : values) {
            b.put((byte) v);
        }
        return b.array();
    }

    /** A declared depth below the entries is corrected; white is the highest value of the corrected depth. */
    @Test
    void tablesWhoseDepthIsUnderstated() throws IOException {
        for (int sequence : new int[]{0x00283010, 0x00283000}) {
            DicomBuilder lut = DicomBuilder.explicit().us(0x00283002, 3, 0, 10);
            lut.value(0x00283006, "OW", lut.words(0, 2000, 4095));
            FilmContent c = film(DicomBuilder.explicit().sequence(sequence, "SQ", true, lut));
            assertWarned("depth", c, "has entries up to 4095, though 10 bits are declared; 12 bits are used");
            PixelMeaning m = c.meanings().getFirst();
            assertEquals(4095, sequence == 0x00283010
                    ? ((Voi.Table) m.view()).lut().max()
                    : ((ModalityTransform.Table) m.modality()).lut().max());
        }
    }

    @Test
    void pixelDataThatAreLongerThanTheirFrames() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().image(1, 4, "MONOCHROME2", 1, 16);
        byte[] six = b.value(0x7FE00010, "OW", b.words(PIXELS)).file(EXPLICIT);
        assertWarned("more", DicomBuilder.read(six), "have 4 bytes more than 1 frame of 4 x 1 pixels need");
        DicomBuilder z = DicomBuilder.explicit().image(1, 4, "MONOCHROME2", 1, 16);
        assertWarned("zeros to fill up a word",
                DicomBuilder.read(z.value(0x7FE00010, "OW", z.words(0, 1, 2, 3, 0, 0)).file(EXPLICIT)));
        for (byte[] table : new byte[][]{{}, {0, 0, 0, 0, 80, 0, 0, 0},
                {0, 0, 0, 0, 80, 0, 0, 0, (byte) 160, 0, 0, 0}}) {
            byte[] one = Arrays.copyOf(rle(new int[]{1, 2, 3, 4}), 72);
            DicomBuilder f = DicomBuilder.explicit().image(1, 4, "MONOCHROME2", 1, 16).text(0x00280008, "IS", "2")
                    .fragments(table, one, one, one);
            if (table.length > 0) {
                FilmContent c = DicomBuilder.read(f.file(RLE));
                assertEquals(8, c.pixels().size());
                assertWarned("fragments", c, "fragments after those of the 2 frames that Number of Frames");
            } else {
                assertThrows(ImageFormatException.class, () -> DicomBuilder.read(f.file(RLE)));
            }
        }
    }

    @Test
    void sizesThatTheFileCannotHoldAreTruncated() {
        DicomBuilder huge = DicomBuilder.explicit().image(65535, 65535, "MONOCHROME2", 1, 16);
        assertRefused(huge.value(0x7FE00010, "OW", new byte[100]).file(EXPLICIT), "truncated: its pixel data have 100");
        DicomBuilder many = DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 16).text(0x00280008, "IS",
                "2000000000");
        assertRefused(many.value(0x7FE00010, "OW", new byte[12]).file(EXPLICIT), "truncated: its pixel data have 12");
        DicomBuilder both = DicomBuilder.explicit().image(65535, 65535, "RGB", 3, 8).us(0x00280006, 0).text(0x00280008,
                "IS", "2147483647");
        assertRefused(both.value(0x7FE00010, "OB", new byte[12]).file(EXPLICIT), "truncated: its pixel data have 12");
        DicomBuilder packed = DicomBuilder.explicit().image(65535, 65535, "MONOCHROME2", 1, 16);
        assertRefused(packed.fragments(new byte[0], new byte[80]).file(RLE),
                "truncated: claims 1 frame of 65535 x 65535");
        DicomBuilder frames = DicomBuilder.explicit().image(4, 4, "MONOCHROME2", 1, 16).text(0x00280008, "IS",
                "2000000000");
        assertRefused(frames.fragments(new byte[0], new byte[80]).file(RLE), "truncated: 1 fragments of pixel data");
    }

    /** An empty film in a few bytes of JPEG 2000 is checked against its codestream, and is not refused for its size. */
    @Test
    void anEmptyFilmInAFewBytesIsNoBomb() {
        DicomBuilder b = DicomBuilder.explicit().image(5000, 6000, "MONOCHROME2", 1, 8);
        assertRefused(b.fragments(new byte[0], new byte[80]).file("1.2.840.10008.1.2.4.90"), "SOC marker missing");
    }

    private static void assertRefused(byte[] file, String words) {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> DicomBuilder.read(file));
        assertTrue(e.getMessage().contains(words), e.getMessage());
    }

    /** Three segments of a row of three pixels each: 1 is 'Lung', 2 is '3', 3 is 'lung'. */
    @Test
    void segmentsWhoseNamesAreAmbiguous() throws IOException {
        DicomBuilder[] segments = new DicomBuilder[3];
        DicomBuilder[] groups = new DicomBuilder[3];
        String[] labels = {"Lung", "3", "lung"};
        for (int i = 0; i < 3; i++) {
            segments[i] = DicomBuilder.explicit().us(0x00620004, i + 1).text(0x00620005, "LO", labels[i]);
            groups[i] = DicomBuilder.explicit().sequence(0x0062000A, "SQ", true,
                    DicomBuilder.explicit().us(0x0062000B, i + 1));
        }
        byte[] file = DicomBuilder.explicit().uid(0x00080016, "1.2.840.10008.5.1.4.1.1.66.4")
                .image(1, 3, "MONOCHROME2", 1, 8).text(0x00280008, "IS", "3").text(0x00620001, "CS", "BINARY")
                .sequence(0x00620002, "SQ", true, segments).sequence(0x52009230, "SQ", true, groups)
                .value(0x7FE00010, "OB", new byte[]{1, 0, 0, 0, 1, 0, 0, 0, 1, 0}).file(EXPLICIT);
        assertMask("3", file, new boolean[]{false, false, true}, "used as the number of a segment, though it is the"
                + " label of another (1 'Lung', 2 '3', 3 'lung')");
        assertMask("LUNG", file, new boolean[]{true, false, true},
                "segments 1, 3 are all called 'LUNG' and are joined; #segment=NUMBER chooses one");
        assertMask("2", file, new boolean[]{false, true, false}, null);
    }

    private static void assertMask(String segment, byte[] file, boolean[] expected, String note)
            throws ImageFormatException {
        List<String> notes = new ArrayList<>();
        try (DicomFile dicom = DicomBuilder.parse(file)) {
            assertArrayEquals(expected, SegmentationReader.read(dicom,
                    MaskSelection.parse("made.dcm", "segment=" + segment), notes::add).pixels());
        }
        assertEquals(note == null ? 0 : 1, notes.size(), notes::toString);
        assertTrue(note == null || notes.getFirst().contains(note), notes::toString);
    }

    @Test
    void palettesWithFewerOrWiderEntries() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().image(2, 3, "PALETTE COLOR", 1, 16);
        for (int c = 0; c < 3; c++) {
            b.us(0x00281101 + c, 3, 1, 8).value(0x00281201 + c, "OW", b.words(0, 0x8000, 0xFF00));
        }
        FilmContent content = DicomBuilder.read(b.value(0x7FE00010, "OW", b.words(PIXELS)).file(EXPLICIT));
        var palette = content.meanings().getFirst().palette();
        double[] red = Arrays.stream(PIXELS).mapToDouble(v -> palette.at(v, 0)).toArray();
        double full = 0xFF00 / 65535.0;
        assertArrayEquals(new double[]{0, 0, 0x8000 / 65535.0, full, full, full}, red,
                "the ends stand for what is beyond");
        assertTrue(content.warnings().getFirst().toString().contains("16 bits are used"),
                content.warnings().toString());
    }
}
