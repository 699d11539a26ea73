package radedit.imaging.mask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.ImageFormatException;
import radedit.imaging.ImageRequestException;
import radedit.imaging.Mask;
import radedit.testdata.TestData;

/** Masks of every kind equal those of the field's own tools. */
class MaskSourceTest {
    private static final Path FOLDER = TestData.resource("/cxr/masks");
    private static final Extent FILM = new Extent(91, 127);
    private static final JsonNode EXPECTED = json("expected.json");

    private final List<String> notes = new ArrayList<>();

    @TempDir
    Path temp;

    private static JsonNode json(String name) {
        try {
            return new ObjectMapper().readTree(FOLDER.resolve(name).toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Mask read(String source) throws IOException {
        return MaskSource.of(source).read(FILM, notes::add);
    }

    @Test
    void filmsInPlaceOfMasksAreNoticed() throws IOException {
        Path film = TestData.resource("/cxr/00000001_000.png");
        MaskSource.of(film.toString()).read(null, notes::add);
        assertEquals(1, notes.size(), notes::toString);
        assertTrue(notes.getFirst().startsWith(film + ": most of its pixels are neither dark nor bright, as of a film"),
                notes::toString);
        notes.clear();
        MaskSource.of(film + "#above=200").read(null, notes::add);
        MaskSource.of(FOLDER.resolve("grey8_soft.png").toString()).read(null, notes::add);
        MaskSource.of(FOLDER.resolve("grey16_soft.png").toString()).read(null, notes::add);
        assertEquals(List.of(), notes, "what was asked for, and soft edges");
    }

    private static void assertEqual(String expected, Mask m) throws GeneralSecurityException {
        byte[] bytes = new byte[m.pixels().length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (m.pixels()[i] ? 1 : 0);
        }
        JsonNode e = EXPECTED.get(expected);
        assertEquals(e.get("sha256").asText(),
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                expected + ": " + m.count() + " pixels are set, " + e.get("true") + " are expected");
    }

    private ImageFormatException refused(String source, String... words) {
        ImageFormatException e = assertThrows(ImageFormatException.class, () -> read(source));
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), "'" + w + "' in: " + e.getMessage());
        }
        assertTrue(e.getMessage().length() < 500, e.getMessage());
        return e;
    }

    private static String file(String name) {
        return FOLDER.resolve(name).toString();
    }

    /** Every case of the shared index. */
    @Test
    void picturesAndVolumes() throws Exception {
        int n = 0;
        for (JsonNode c : json("index.json")) {
            String name = c.get("file").asText().replace("masks/", "");
            if (!name.endsWith(".json")) {
                Mask m = read(file(name));
                assertEquals(c.get("columns").asInt() + " x " + c.get("rows").asInt(), m.width() + " x " + m.height());
                assertEqual(name, m);
                n++;
            }
        }
        assertEquals(13, n);
    }

    @Test
    void runLengths() throws Exception {
        JsonNode all = json("chexmask_rle.json");
        int n = 0;
        for (JsonNode c : all.get("cases")) {
            String source = "rle:" + c.get("rle").asText();
            if (c.has("error")) {
                refused(source, "rle:", "start and length");
            } else {
                assertEqual("rle." + c.get("name").asText(), read(source));
            }
            n++;
        }
        assertEquals(11, n);
        refused("rle:1 99999999999", "not a start or length");
        refused("rle:1 0", "does not lie in");
        assertThrows(ImageFormatException.class, () -> MaskSource.of("rle:1 1").read(null, notes::add));
    }

    @Test
    void segmentations() throws Exception {
        EXPECTED.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("seg_")) {
                try {
                    assertEqual(name, read(file(name)));
                } catch (IOException | GeneralSecurityException e) {
                    throw new AssertionError(name, e);
                }
            }
        });
        assertEquals(3, notes.size(), notes::toString);
        assertTrue(notes.getFirst().contains("2 segments (1 'Left Lung', 2 'Heart')"), notes::toString);
        assertEquals(notes.size(), notes.stream().filter(s -> s.contains("#segment=NAME")).count());
        refused(file("seg_slices.dcm"), "several frames", "#frame=K");
        refused(file("seg_binary.dcm#frame=3"), "2 frames, none is number 3");
        refused(file("seg_binary.dcm#segment=Liver"), "no segment 'Liver'", "1 'Left Lung', 2 'Heart'");
        refused(file("seg_binary.dcm#label=2"), "#segment");
        refused(file("seg_binary.dcm#frames=2"), "'frames=2' does not select anything", "#frame=K");
        refused(file("bit1.png#segment=1"), "no segments");
        assertTrue(read(file("seg_fractional.dcm#above=150")).count() < read(file("seg_fractional.dcm")).count());
    }

    @Test
    void tables() throws Exception {
        String csv = file("chexmask.csv");
        assertEqual("lungs", read("rle:" + csv + "#id=00000001_000.png,column=Left Lung+Right Lung"));
        assertEqual("landmarks heart", read("rle:" + csv + "#row=2,column=heart"));
        for (String part : List.of("left lung", "right lung", "heart")) {
            assertEqual("landmarks " + part, read("landmarks:" + csv + "#id=00000001_000.png,part=" + part));
        }
        assertEquals(91, MaskSource.of("landmarks:" + csv + "#row=2").read(null, notes::add).width());
        refused("rle:" + csv + "#id=00000001_000.png", "column=NAME");
        refused("rle:" + csv + "#column=heart", "several rows", "#id=NAME");
        refused("rle:" + csv + "#id=none,column=heart", "no row of 'none'");
        refused("rle:" + csv + "#id=00000001_000.png,column=Liver", "no column 'Liver'", "Right Lung");
        refused("landmarks:" + csv + "#row=1", "0 numbers", "240");
        refused("landmarks:" + csv + "#row=2,part=liver", "not one of right lung");
        refused("rle:" + csv + "#row=0,column=heart", "not a number from 1");
        refused("rle:" + file("bit1.png") + "#column=heart,row=1", "bit1.png");
    }

    /** Spreadsheets write semicolons where the comma is the decimal mark. */
    @Test
    void tablesWithSemicolonsOrTabs() throws Exception {
        for (String c : new String[]{";", "\t"}) {
            for (String quote : new String[]{"", "\""}) {
                Path table = Files.writeString(temp.resolve("separated.csv"),
                        quote + "Image Index" + quote + c + quote
                                + "Left Lung" + quote + c + "Landmarks" + c + "Height" + c + "Width\nf.png" + c
                                + "1 2 5 1" + c
                                + "[1,2]" + c + "2" + c + "3\n");
                Mask m = read("rle:" + table + "#id=f.png,column=left lung");
                assertEquals("3 x 2", m.width() + " x " + m.height());
                assertEquals("110010", bits(m));
            }
        }
        Path single = Files.writeString(temp.resolve("separated.csv"), "Heart\n1 2\n");
        assertEquals("110000", bits(MaskSource.of("rle:" + single + "#column=heart").read(new Extent(3, 2), n -> {})));
    }

    private static String bits(Mask m) {
        StringBuilder b = new StringBuilder();
        for (boolean set : m.pixels()) {
            b.append(set ? 1 : 0);
        }
        return b.toString();
    }

    @Test
    void shapes() throws Exception {
        Mask box = read("box:10,20,30,40");
        assertEquals(1200, box.count());
        assertTrue(box.pixels()[20 * 91 + 10] && box.pixels()[59 * 91 + 39] && !box.pixels()[60 * 91 + 39]
                && !box.pixels()[59 * 91 + 40]);
        assertEquals(box, read("polygon:10,20 40,20 40,60 10,60"));
        assertEquals(4, read("box:-5,-5,7,7").count(), "what lies beyond the film is cut off");
        assertEquals(16 * 16 / 2, read("polygon:0,0 16,0 0,16").count(), 8.0);
        // A star's middle is crossed twice, so even-odd leaves it out.
        assertEquals(false, read("polygon:45,0 72,90 0,33 90,33 18,90").pixels()[45 * 91 + 45]);
        assertEquals(91 * 127, read("all").count());
        assertEquals(0, read("none").count());
        refused("box:1,2,3", "four numbers");
        refused("box:1,2,-3,4", "above 0");
        refused("box:1,2,NaN,4", "'NaN' is not a coordinate");
        refused("box:1,2,1e9,4", "'1e9' is not a coordinate");
        refused("box:91,0,5,5", "no pixel of a film of 91 x 127");
        refused("polygon:1,2 3,4", "three points");
        refused("polygon:1,2 3,4 5,6 7", "7 numbers");
        refused("polygon:" + "1,1 ".repeat(300_000), "more than 200000 numbers");
        assertThrows(IOException.class, () -> read("circle:1,2,3"));
    }

    /** Against scipy.ndimage.distance_transform_edt. */
    @Test
    void morphology() throws Exception {
        Mask m = read(file("bit1.png"));
        assertEqual("dilate 7", m.dilate(7));
        assertEqual("erode 3", m.erode(3));
        assertEquals(m, m.inverse().inverse());
        assertEquals(m.count(), m.union(m.dilate(2)).intersection(m).count());
        assertEquals(0, m.difference(m).count());
        assertTrue(Mask.filled(3, 2, false).dilate(70000).isEmpty());
        assertEquals(6, Mask.filled(3, 2, true).erode(5).count(), "nothing lies beyond the edge");
    }

    @Test
    void whatIsAmbiguousSaysSo() throws Exception {
        refused(file("grey8_soft.png#label=3"), "none of the chosen values", "highest value is 255");
        assertEquals(81, read(file("palette.png#label=2")).count());
        assertEquals(81, read(file("palette.png#label=2.0")).count());
        refused(file("palette.png#label=2.5"), "does not select anything");
        assertTrue(read(file("grey8_soft.png#above=99")).count() > read(file("grey8_soft.png")).count());
        Path bad = Files.write(temp.resolve("x.safetensors"), "no".getBytes(StandardCharsets.UTF_8));
        refused(bad.toString(), "x.safetensors");
        assertThrows(IOException.class, () -> read(temp.resolve("none.png").toString()));
    }

    @Test
    void whetherAShapeTouchesAFilmIsKnownWithoutDrawingIt() throws IOException {
        Random random = new Random(3);
        int outside = 0;
        for (int k = 0; k < 20_000; k++) {
            Extent film = new Extent(1 + random.nextInt(12), 1 + random.nextInt(12));
            StringBuilder text = new StringBuilder("polygon:");
            for (int i = 3 + random.nextInt(4); i > 0; i--) {
                text.append(random.nextInt(80) / 4.0 - 5).append(',').append(random.nextInt(80) / 4.0 - 5).append(' ');
            }
            String shape = k % 4 == 0
                    ? "box:" + (random.nextInt(60) / 4.0 - 3) + "," + (random.nextInt(60) / 4.0 - 3) + ","
                            + (1 + random.nextInt(9)) / 4.0 + "," + (1 + random.nextInt(9)) / 4.0
                    : text.toString();
            MaskSource source = MaskSource.of(shape);
            boolean drawn;
            try {
                drawn = !source.read(film, n -> {
                }).isEmpty();
            } catch (ImageRequestException e) {
                drawn = false;
            }
            assertEquals(drawn, source.touches(film), shape + " on " + film);
            outside += drawn ? 0 : 1;
        }
        assertTrue(outside > 1000 && outside < 19_000, outside + " lie outside");
        assertTrue(MaskSource.of("rle:3 4").touches(new Extent(2, 3)));
        assertThrows(ImageRequestException.class, () -> MaskSource.of("rle:3 5").touches(new Extent(2, 3)));
        assertFalse(MaskSource.of("none").touches(FILM));
        assertTrue(MaskSource.of("all").touches(FILM) && MaskSource.of("any.png").touches(FILM));
    }

    @Test
    void masksInWords() throws IOException {
        Random random = new Random(5);
        for (int k = 0; k < 200; k++) {
            Extent film = new Extent(1 + random.nextInt(9), 1 + random.nextInt(9));
            boolean[] pixels = new boolean[film.width() * film.height()];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = random.nextInt(8) < k % 9;
            }
            Mask mask = new Mask(film.width(), film.height(), pixels);
            assertEquals(mask, MaskSource.of(MaskSource.words(mask)).read(film, notes::add));
        }
        assertEquals("all", MaskSource.words(Mask.filled(2, 2, true)));
        assertEquals("none", MaskSource.words(Mask.filled(2, 2, false)));
    }

    @Test
    void filesMayBeNamedAnew() {
        Path folder = Path.of("data");
        assertEquals("x/data/m.png#label=1", MaskSource.of("m.png#label=1", folder).withFile(f -> "x/" + f));
        assertEquals("rle:t.csv#id=a", MaskSource.of("rle:a/t.csv#id=a", folder).withFile(f -> "t.csv"));
        assertEquals("box:1,2,3,4", MaskSource.of("box:1,2,3,4", folder).withFile(f -> "no"));
        assertEquals("rle:1 2", MaskSource.of("rle:1 2", folder).withFile(f -> "no"));
        assertEquals("all", MaskSource.of("all", folder).withFile(f -> "no"));
    }

    /** A source of a file that is elsewhere now keeps what it chooses of the file. */
    @Test
    void sourcesOfMovedFiles() {
        Path moved = Path.of("moved.png");
        assertEquals("moved.png", MaskSource.of("gone.png").at(moved).text());
        assertEquals("moved.png#frame=2", MaskSource.of("gone.png#frame=2").at(moved).text());
        assertEquals("rle:moved.png#id=A,column=B", MaskSource.of("rle:gone.csv#id=A,column=B").at(moved).text());
        assertEquals(moved, MaskSource.of("landmarks:gone.csv").at(moved).file().orElseThrow());
        assertTrue(MaskSource.of("landmarks:gone.csv").isTable());
        assertFalse(MaskSource.of("gone.png#label=1").isTable());
        assertFalse(MaskSource.of("rle:1 2").isTable());
        assertThrows(IllegalStateException.class, () -> MaskSource.of("box:1,1,2,2").at(moved));
    }
}
