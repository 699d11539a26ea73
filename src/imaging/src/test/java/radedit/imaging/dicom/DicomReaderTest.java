package radedit.imaging.dicom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

import org.junit.jupiter.api.Test;

import radedit.imaging.FilmContent;
import radedit.imaging.ImageFormatException;
import radedit.imaging.pixel.ModalityTransform;
import radedit.imaging.pixel.PixelMeaning;
import radedit.imaging.pixel.Voi;
import radedit.testdata.TestData;

/** Data sets as writers write them, valid or not. */
class DicomReaderTest {
    private static final String EXPLICIT = "1.2.840.10008.1.2.1";
    private static final String IMPLICIT = "1.2.840.10008.1.2";
    private static final String BIG = "1.2.840.10008.1.2.2";
    private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
    private static final String RLE = "1.2.840.10008.1.2.5";

    /** 2 x 3 pixels of 16 bits, 0 to 5. */
    private static DicomBuilder small(DicomBuilder b) {
        return b.image(2, 3, "MONOCHROME2", 1, 16);
    }

    /** The same elements, followed by pixel data. */
    private static DicomBuilder pixels(DicomBuilder b) {
        return b.like().bytes(b.dataSet()).value(0x7FE00010, "OW", b.words(0, 1, 2, 3, 4, 5));
    }

    private static byte[] file(DicomBuilder b) {
        return pixels(b).file(EXPLICIT);
    }

    private static int[] stored(byte[] file) throws ImageFormatException {
        return DicomBuilder.read(file).pixels().integers();
    }

    private static PixelMeaning meaning(DicomBuilder b) throws ImageFormatException {
        return DicomBuilder.read(file(b)).meanings().getFirst();
    }

    private static void assertRefused(byte[] file, String... words) {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> DicomBuilder.read(file));
        assertTrue(e.getMessage().startsWith("made.dcm: "), e.getMessage());
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), "'" + w + "' in: " + e.getMessage());
        }
    }

    @Test
    void everyWayOfWritingWithAndWithoutMetaInformation() throws IOException {
        int[] expected = {0, 1, 2, 3, 4, 5};
        for (boolean explicit : new boolean[]{true, false}) {
            for (boolean big : new boolean[]{true, false}) {
                DicomBuilder b = new DicomBuilder(explicit, big).text(0x00080060, "CS", "DX").us(0x00280002, 1);
                byte[] bare = pixels(small(b)).dataSet();
                if (explicit || !big) {
                    assertArrayEquals(expected, stored(bare), "bare");
                    assertTrue(DicomFile.isPlausible(bare));
                    byte[] noPreamble = DicomBuilder.file(big ? BIG : explicit ? EXPLICIT : IMPLICIT, bare);
                    assertArrayEquals(expected, stored(noPreamble));
                    assertArrayEquals(expected, stored(Arrays.copyOfRange(noPreamble, 132, noPreamble.length)));
                }
            }
        }
        // Another encoding than the meta information declares.
        assertArrayEquals(expected,
                stored(DicomBuilder.file(EXPLICIT, pixels(small(new DicomBuilder(false, false))).dataSet())));
        assertArrayEquals(expected,
                stored(DicomBuilder.file(IMPLICIT, pixels(small(DicomBuilder.explicit())).dataSet())));
        byte[] unnamed = pixels(small(DicomBuilder.explicit())).dataSet();
        assertArrayEquals(expected, stored(DicomBuilder.file("", unnamed)), "no syntax in the meta information");
    }

    @Test
    void whatIsNoDataSetIsNotTakenForOne() {
        for (String text : new String[]{"", "hello, world, this is text", "\b\0\5\0 but only so far",
                "%PDF-1.7 and so on and so on"}) {
            assertTrue(!DicomFile.isPlausible(text.getBytes(StandardCharsets.ISO_8859_1)), text);
        }
    }

    @Test
    void deflatedAndBombs() throws IOException {
        byte[] set = pixels(small(DicomBuilder.explicit())).dataSet();
        byte[] file = DicomBuilder.file(DEFLATED, deflate(set));
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, stored(file));
        assertRefused(Arrays.copyOf(file, file.length - 8), "truncated");
        assertRefused(DicomBuilder.file(DEFLATED, new byte[100]), "damaged deflated");
        assertRefused(DicomBuilder.file(DEFLATED, deflate(new byte[(1 << 26) + (1 << 20)])), "grows beyond 64 MB");
    }

    private static byte[] deflate(byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream d = new DeflaterOutputStream(out, new Deflater(9, true))) {
            d.write(data);
        }
        return out.toByteArray();
    }

    @Test
    void sequencesOfEveryKindAreWalkedThrough() throws IOException {
        for (String vr : new String[]{"SQ", "UN"}) {
            for (boolean undefined : new boolean[]{true, false}) {
                // UN is implicit little endian inside.
                DicomBuilder item = vr.equals("UN") ? new DicomBuilder(false, false) : DicomBuilder.explicit();
                item.us(0x00283002, 3, 10, 8).value(0x00283006, "OW", new byte[]{7, 8, 9, 0});
                DicomBuilder set = small(DicomBuilder.explicit());
                byte[] items = (vr.equals("UN") ? new DicomBuilder(false, false) : DicomBuilder.explicit())
                        .sequence(0x00283010, vr, undefined, item).dataSet();
                if (vr.equals("UN")) {
                    // the header explicit, the items not
                    set.header(0x00283010, vr, undefined ? DicomBuilder.UNDEFINED : items.length - 8)
                            .bytes(Arrays.copyOfRange(items, 8, items.length));
                } else {
                    set.bytes(items);
                }
                Voi.Table t = (Voi.Table) meaning(set).view();
                assertArrayEquals(new int[]{7, 8, 9}, t.lut().entries(), vr + undefined);
            }
        }
        // Private sequences, nested, empty, with false ends in values; and implicit items in an explicit file.
        DicomBuilder inner = DicomBuilder.explicit().value(0x00091002, "OB",
                new byte[]{(byte) 0xFE, (byte) 0xFF, (byte) 0xDD, (byte) 0xE0, 0, 0, 0, 0});
        DicomBuilder outer = DicomBuilder.explicit().sequence(0x00091001, "SQ", true, inner).sequence(0x00091003, "UN",
                true);
        DicomBuilder set = DicomBuilder.explicit().sequence(0x00091000, "SQ", true, outer, DicomBuilder.explicit());
        set.bytes(DicomBuilder.explicit().header(0x000B1000, "SQ", DicomBuilder.UNDEFINED).dataSet());
        set.bytes(new DicomBuilder(false, false).header(Tag.ITEM, null, DicomBuilder.UNDEFINED).us(0x000B1001, 1)
                .header(Tag.ITEM_END, null, 0).header(Tag.SEQUENCE_END, null, 0).dataSet());
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, stored(file(small(set))));
    }

    @Test
    void depthIsBounded() throws IOException {
        DicomBuilder b = DicomBuilder.explicit();
        for (int i = 0; i < 30; i++) {
            b = DicomBuilder.explicit().sequence(0x00091000, "SQ", true, b);
        }
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, stored(file(small(b))));
        DicomBuilder deep = DicomBuilder.explicit();
        for (int i = 0; i < 10_000; i++) {
            deep.header(0x00091000, "SQ", DicomBuilder.UNDEFINED).header(Tag.ITEM, null, DicomBuilder.UNDEFINED);
        }
        assertRefused(deep.file(EXPLICIT), "nested deeper than 32");
    }

    @Test
    void groupLengthsOddLengthsAndTailsDoNoHarm() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().value(0x00080000, "UL", new byte[4]).value(0x00080060, "CS",
                new byte[]{'D', 'X', ' '});
        DicomBuilder tail = pixels(small(b)).value(0xFFFCFFFC, "OB", new byte[30]).bytes(new byte[13]);
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, stored(tail.file(EXPLICIT)));
        // More pixel data than the frame needs.
        DicomBuilder more = small(DicomBuilder.explicit());
        more.value(0x7FE00010, "OW", more.words(0, 1, 2, 3, 4, 5, 6, 7));
        assertArrayEquals(new int[]{0, 1, 2, 3, 4, 5}, stored(more.file(EXPLICIT)));
    }

    @Test
    void everyTruncationIsAnError() throws IOException {
        byte[] whole = Files.readAllBytes(TestData.resource("/cxr/dicom/nested_undefined.dcm"));
        int pixelData = whole.length - 24800;
        for (int length = 140; length < whole.length; length += length < pixelData ? 1 : 997) {
            byte[] cut = Arrays.copyOf(whole, length);
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> DicomBuilder.read(cut),
                    "" + length);
            assertTrue(e.getMessage().startsWith("made.dcm: "), e.getMessage());
        }
    }

    @Test
    void cellsThatCannotBe() {
        byte[] missing = DicomBuilder.explicit().text(0x00280004, "CS", "MONOCHROME2").us(0x00280100, 16)
                .value(0x7FE00010, "OW", new byte[8]).file(EXPLICIT);
        assertRefused(missing, "has no Rows (0028,0010)");
        assertRefused(small(DicomBuilder.explicit()).file(EXPLICIT), "describes an image", "truncated");
        assertRefused(DicomBuilder.explicit().text(0x00080060, "CS", "SR").file(EXPLICIT), "is not an image",
                "modality SR");
        assertRefused(file(DicomBuilder.explicit().image(2, 3, "MONOCHROME2", 1, 12)), "12 bits allocated");
        assertRefused(file(small(DicomBuilder.explicit()).us(0x00280002, 3)), "3 samples per pixel of MONOCHROME2");
        assertRefused(file(DicomBuilder.explicit().image(2, 3, "YBR_PARTIAL_420", 3, 8)), "'YBR_PARTIAL_420'");
        assertRefused(file(DicomBuilder.explicit().image(0, 3, "MONOCHROME2", 1, 16)), "0 rows");
        assertRefused(file(DicomBuilder.explicit().image(65535, 65535, "RGB", 3, 16)), "truncated", "1 frame of 65535");
        assertRefused(file(DicomBuilder.explicit().image(200, 300, "MONOCHROME2", 1, 16)), "truncated");
        assertRefused(file(small(DicomBuilder.explicit()).text(0x00280008, "IS", "2147483647")), "truncated",
                "2147483647 frames");
        assertRefused(file(small(DicomBuilder.explicit()).text(0x00280008, "IS", "2")), "truncated", "2 frames");
        assertRefused(file(small(DicomBuilder.explicit()).text(0x00280008, "IS", "-2")), "-2 frames");
        assertRefused(file(small(DicomBuilder.explicit()).text(0x00280008, "IS", "1A")), "Number of Frames", "'1A'");
        assertRefused(file(small(DicomBuilder.explicit()).us(0x00280101, 17)), "17 bits stored of 16");
        assertRefused(pixels(small(DicomBuilder.explicit())).file(RLE), "not in fragments");
        assertRefused(pixels(small(DicomBuilder.explicit())).file("1.2.3.4"), "compressed as 1.2.3.4");
        assertRefused(small(DicomBuilder.explicit()).fragments(new byte[0], new byte[12]).file(EXPLICIT),
                "in fragments");
    }

    @Test
    void signOverlayBitsAndWideCells() throws IOException {
        DicomBuilder b = DicomBuilder.explicit().image(1, 3, "MONOCHROME2", 1, 16).us(0x00280101, 4).us(0x00280102, 5)
                .us(0x00280103, 1);
        b.value(0x7FE00010, "OW", b.words(0b11_0111_10, 0b1_1000_01, 0b1111_1111_00_0000_11));
        assertArrayEquals(new int[]{7, -8, 0}, stored(b.file(EXPLICIT)));
        DicomBuilder wide = DicomBuilder.explicit().image(1, 2, "MONOCHROME2", 1, 32);
        wide.value(0x7FE00010, "OW", wide.words(1, 0, 0xFFFF, 0xFFFF));
        FilmContent content = DicomBuilder.read(wide.file(EXPLICIT));
        assertFalse(content.pixels().isInteger());
        assertThrows(IllegalStateException.class, () -> content.pixels().integers());
        assertEquals(4294967295.0, content.pixels().at(1));
    }

    @Test
    void coloursComeAsRedGreenBlueSideBySide() throws IOException {
        DicomBuilder planes = DicomBuilder.explicit().image(1, 2, "RGB", 3, 8).us(0x00280006, 1).value(0x7FE00010, "OB",
                new byte[]{1, 2, 3, 4, 5, 6});
        assertArrayEquals(new int[]{1, 3, 5, 2, 4, 6}, stored(planes.file(EXPLICIT)));
        // Y = 100 with Cb = Cr = 128 is grey; 1.402 * 12 = 16.8, 0.714 * 12 = 8.6.
        DicomBuilder full = DicomBuilder.explicit().image(1, 2, "YBR_FULL", 3, 8).value(0x7FE00010, "OB",
                new byte[]{100, (byte) 128, (byte) 128, 100, (byte) 128, (byte) 140});
        assertArrayEquals(new int[]{100, 100, 100, 117, 91, 100}, stored(full.file(EXPLICIT)));
        // Three columns: the second pair has a Y2 of its own that is not shown.
        DicomBuilder half = DicomBuilder.explicit().image(1, 3, "YBR_FULL_422", 3, 8).value(0x7FE00010, "OB",
                new byte[]{10, 20, (byte) 128, (byte) 128, 30, 99, (byte) 128, (byte) 128});
        assertArrayEquals(new int[]{10, 10, 10, 20, 20, 20, 30, 30, 30}, stored(half.file(EXPLICIT)));
        // Bytes of big endian data are swapped in pairs where they are filled into words.
        for (String vr : new String[]{"OW", "OB"}) {
            DicomBuilder big = new DicomBuilder(true, true).image(1, 3, "MONOCHROME2", 1, 8).value(0x7FE00010, vr,
                    new byte[]{1, 2, 3, 4});
            assertArrayEquals(vr.equals("OW") ? new int[]{2, 1, 4} : new int[]{1, 2, 3}, stored(big.file(BIG)));
        }
    }

    @Test
    void paddingHasTheSignOfThePixels() throws IOException {
        DicomBuilder b = small(DicomBuilder.explicit()).us(0x00280103, 1).us(0x00280120, 63536);
        assertTrue(meaning(b).padding().contains(-2000) && !meaning(b).padding().contains(63536));
        b.value(0x00280121, "SS", b.words(-1990));
        assertTrue(meaning(b).padding().contains(-1995) && !meaning(b).padding().contains(-1989));
    }

    @Test
    void windowsAndTheirNames() throws IOException {
        DicomBuilder b = small(DicomBuilder.explicit()).text(0x00080005, "CS", "ISO_IR 192")
                .text(0x00281050, "DS", "1.5\\ 2e1 \\3").text(0x00281051, "DS", "10\\20")
                .value(0x00281055, "LO", "sch\u00F6n\\b\u001Bad".getBytes(StandardCharsets.UTF_8))
                .text(0x00281056, "CS", "SIGMOID");
        PixelMeaning m = meaning(b);
        assertEquals(new Voi.Window(1.5, 10, Voi.Function.SIGMOID, "sch\u00F6n"), m.windows().get(0));
        assertEquals(new Voi.Window(20, 20, Voi.Function.SIGMOID, "b?ad"), m.windows().get(1));
        assertEquals(2, m.windows().size());
        assertEquals(m.windows().getFirst(), m.view());
        FilmContent other = DicomBuilder.read(file(b.text(0x00281056, "CS", "CUBIC")));
        assertEquals(Voi.Function.LINEAR, other.meanings().getFirst().windows().get(0).function());
        assertEquals("has the VOI LUT Function (0028,1056) 'CUBIC', which is not known; LINEAR is used",
                other.warnings().getFirst().toString());
    }

    @Test
    void lookUpTables() throws IOException {
        DicomBuilder lut = DicomBuilder.explicit().us(0x00283002, 2, 65535, 16);
        lut.value(0x00283006, "US", lut.words(5, 6));
        // The first value is negative where the pixels are.
        DicomBuilder signed = small(DicomBuilder.explicit()).us(0x00280103, 1).sequence(0x00283000, "SQ", false, lut);
        assertEquals(-1, ((ModalityTransform.Table) meaning(signed).modality()).lut().first());
        DicomBuilder unsigned = small(DicomBuilder.explicit()).sequence(0x00283000, "SQ", false, lut);
        assertEquals(65535, ((ModalityTransform.Table) meaning(unsigned).modality()).lut().first());
        DicomBuilder shortOne = DicomBuilder.explicit().us(0x00283002, 3, 0, 16);
        shortOne.value(0x00283006, "US", shortOne.words(5, 6));
        assertRefused(file(small(DicomBuilder.explicit()).sequence(0x00283010, "SQ", true, shortOne)),
                "4 bytes for 3 entries");
        assertRefused(file(small(DicomBuilder.explicit()).sequence(0x00283010, "SQ", true, DicomBuilder.explicit())),
                "LUT Descriptor", "0 values");
    }

    @Test
    void segmentedPalettes() throws IOException {
        // Two entries, three on a line up to 11, then the first segment again.
        int[] segments = {0, 2, 3, 5, 1, 3, 11, 2, 1, 0, 0};
        DicomBuilder b = DicomBuilder.explicit().image(2, 3, "PALETTE COLOR", 1, 16);
        for (int c = 0; c < 3; c++) {
            b.us(0x00281101 + c, 7, 0, 16).value(0x00281221 + c, "OW", b.words(segments));
        }
        assertArrayEquals(new int[]{3, 5, 7, 9, 11, 3, 5}, meaning(b).palette().green().entries());
        b.value(0x00281221, "OW", b.words(0, 2, 3, 5, 2, 9, 4, 0));
        assertRefused(file(b), "Segmented Red Palette");
    }

    @Test
    void functionalGroupsOfFrames() throws IOException {
        DicomBuilder[] frames = new DicomBuilder[2];
        for (int f = 0; f < 2; f++) {
            DicomBuilder window = DicomBuilder.explicit().text(0x00281050, "DS", "10" + f).text(0x00281051, "DS", "50");
            frames[f] = DicomBuilder.explicit().sequence(0x00289132, "SQ", f == 0, window);
        }
        DicomBuilder rescale = DicomBuilder.explicit().text(0x00281052, "DS", "-3").text(0x00281053, "DS", "2");
        DicomBuilder shared = DicomBuilder.explicit().sequence(0x00289145, "SQ", true, rescale);
        DicomBuilder b = DicomBuilder.explicit().image(1, 3, "MONOCHROME2", 1, 16).text(0x00280008, "IS", "2")
                .sequence(0x52009229, "SQ", true, shared).sequence(0x52009230, "SQ", false, frames);
        byte[] file = file(b);
        FilmContent all = DicomBuilder.read(file);
        assertEquals(2, all.meanings().size());
        assertEquals(new ModalityTransform.Rescale(2, -3), all.meanings().get(1).modality());
        assertEquals(101, ((Voi.Window) all.meanings().get(1).view()).centre());
        FilmContent second = DicomBuilder.read(file, 2);
        assertArrayEquals(new int[]{3, 4, 5}, second.pixels().integers());
        assertEquals(101, ((Voi.Window) second.meanings().getFirst().view()).centre());
        assertThrows(ImageFormatException.class, () -> DicomBuilder.read(file, 3));
    }

    @Test
    void fragmentsMakeUpFrames() throws IOException {
        byte[] a = {(byte) 0xFF, (byte) 0xD8, 1, 2};
        byte[] b = {3, 4};
        byte[] c = {(byte) 0xFF, (byte) 0xD8, 5, 6};
        byte[][] expected = {{(byte) 0xFF, (byte) 0xD8, 1, 2, 3, 4}, c};
        DicomBuilder set = small(DicomBuilder.explicit());
        byte[] table = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(22).array();
        assertFrames(expected, small(DicomBuilder.explicit()).fragments(table, a, b, c));
        assertFrames(expected, small(DicomBuilder.explicit()).fragments(new byte[0], a, b, c));
        byte[] wide = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(0).putLong(22).array();
        assertFrames(expected, set.value(0x7FE00001, "OV", wide).fragments(new byte[0], a, b, c));
        assertFrames(new byte[][]{a, b}, small(DicomBuilder.explicit()).fragments(new byte[0], a, b));
        // Without the delimiter at the end, which some files lack.
        byte[] whole = small(DicomBuilder.explicit()).fragments(new byte[0], a, b).file(RLE);
        assertFrames(new byte[][]{a, b}, Arrays.copyOf(whole, whole.length - 8));

        // A table with wrong offsets is ignored with a warning; fragments are found without it.
        byte[] wrong = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(21).array();
        assertFrames(expected, small(DicomBuilder.explicit()).fragments(wrong, a, b, c));
        assertFrames(new byte[][]{a, b}, small(DicomBuilder.explicit()).fragments(wrong, a, b));
        assertThrows(ImageFormatException.class,
                () -> assertFrames(expected, small(DicomBuilder.explicit()).fragments(wrong, b, b, c)));
        assertThrows(ImageFormatException.class,
                () -> assertFrames(expected, small(DicomBuilder.explicit()).fragments(new byte[0], b, b, c)));
        assertThrows(ImageFormatException.class,
                () -> assertFrames(expected, small(DicomBuilder.explicit()).fragments(new byte[0], a)));
        assertThrows(ImageFormatException.class,
                () -> assertFrames(expected, small(DicomBuilder.explicit()).header(0x7FE00010, "OB", -1)));
    }

    private static void assertFrames(byte[][] expected, DicomBuilder set) throws ImageFormatException {
        assertFrames(expected, set.file(RLE));
    }

    private static void assertFrames(byte[][] expected, byte[] file) throws ImageFormatException {
        try (DicomFile dicom = DicomBuilder.parse(file)) {
            EncapsulatedPixels frames = new EncapsulatedPixels(dicom.dataSet(), dicom.dataSet().find(Tag.PIXEL_DATA),
                    expected.length, false);
            for (int f = 0; f < expected.length; f++) {
                assertArrayEquals(expected[f], frames.codestream(f));
            }
        }
    }
}
