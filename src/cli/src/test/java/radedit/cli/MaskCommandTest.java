package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.safetensors.Safetensors;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.DType;
import radedit.tensor.Shape;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** radedit mask, and its sources in radedit edit. */
class MaskCommandTest {
    private static final Path MASKS = TestData.resource("/cxr/masks");
    private static final Path FILM = TestData.resource("/cxr/dicom/aspect.dcm");

    @TempDir
    Path temp;

    private Mask mask(Object... args) throws IOException {
        Path out = temp.resolve("m.png");
        Outcome o = run(Stream.concat(Stream.of("mask", "-o", out), Arrays.stream(args)).toArray());
        assertEquals(new Outcome(0, out + "\n", ""), o);
        return Mask.of(Images.read(out));
    }

    @Test
    void setOperations() throws IOException {
        Mask a = mask("box:10,10,20,20", "--size", "60x50");
        assertEquals("60 x 50: 400", a.width() + " x " + a.height() + ": " + a.count());
        assertEquals(400 + 400 - 100, mask("box:10,10,20,20", "box:20,20,20,20", "--size", "60x50").count());
        assertEquals(100,
                mask("box:10,10,20,20", "--intersect", "box:20,20,20,20", "--size", "60x50").count());
        assertEquals(300, mask("box:10,10,20,20", "--subtract", "box:20,20,20,20", "--size", "60x50").count());
        assertEquals(2600, mask("box:10,10,20,20", "--invert", "--size", "60x50").count());
        assertEquals(14 * 14, mask("box:10,10,20,20", "--erode", 3, "--size", "60x50").count());
        assertEquals(a.dilate(4), mask("box:10,10,20,20", "--dilate", 4, "--size", "60x50"));
        assertEquals(a.dilate(5).inverse(),
                mask("all", "--apart-from", "box:10,10,20,20", "--free-band", 5, "--size", "60x50"));
    }

    @Test
    void filesGiveTheSizeAndFilmsToo() throws IOException {
        Mask soft = mask(MASKS.resolve("grey8_soft.png"), "--subtract", "box:0,0,91,60");
        assertEquals("91 x 127", soft.width() + " x " + soft.height());
        Path out = temp.resolve("m.safetensors");
        Path look = temp.resolve("look.png");
        Outcome o = run("mask", "box:20,30,40,50", "--film", FILM, "-o", out, "--preview", look, "--json");
        assertEquals(0, o.code(), o.err());
        JsonNode json = new ObjectMapper().readTree(o.out());
        assertEquals("100 x 124: 2000",
                json.get("width") + " x " + json.get("height") + ": " + json.get("pixels"));
        try (Safetensors s = Safetensors.open(out)) {
            assertEquals(DType.U8, s.tensors().get("mask").dtype());
            assertEquals(Shape.of(124, 100), s.tensors().get("mask").shape());
        }
        assertEquals(2000, mask(out).count(), "it reads what it writes");
        Picture p = Images.read(look);
        assertEquals("100 x 124 x 3", p.width() + " x " + p.height() + " x " + p.channels());
        assertEquals("ff d9 2f", String.format("%02x %02x %02x", p.get(20, 30, 0), p.get(20, 30, 1), p.get(20, 30, 2)));
        assertEquals(p.get(30, 40, 0), p.get(30, 40, 1), "inside the outline the film shows");
        Outcome other = run("mask", MASKS.resolve("grey8.png"), "--film", FILM, "-o", out);
        assertTrue(other.err().contains("91 x 127 pixels, the film 100 x 124") && other.err().contains("distorted"),
                other.err());
    }

    @Test
    void whatIsRefused() throws IOException {
        Path out = temp.resolve("x.png");
        assertRefused(2, run("mask", "box:1,2,3,4", "-o", out), "box:1,2,3,4", "--film F or --size WxH");
        assertRefused(2, run("mask", "all", "-o", out), "all: ", "--film F or --size WxH");
        assertRefused(2, run("mask", "box:1,2,3", "--size", "9x9", "-o", out), "box:1,2,3: four numbers");
        assertRefused(2, run("mask", "polygon:1,2 x", "--size", "9x9", "-o", out), "polygon:1,2 x: 'x'");
        assertRefused(2, run("mask", MASKS.resolve("grey8.png") + "#frames=1", "-o", out),
                "'frames=1' does not select anything");
        assertRefused(2, run("mask", MASKS.resolve("seg_binary.dcm") + "#frame=3", "-o", out),
                "has 2 frames, none is number 3", "#frame");
        assertRefused(2, run("mask", "all", "--size", "100000x100000", "-o", out), "--size: 100000 x 100000");
        assertRefused(2, run("mask", "all", "--size", "0x9", "-o", out), "--size: 0 x 9");
        assertRefused(2, run("mask", "rle:5 3 9", "--size", "9x9", "-o", out), "rle:5 3 9", "has no length");
        assertRefused(2, run("mask", "box:-9,2,3,4", "--size", "9x9", "-o", out), "box:-9,2,3,4", "no pixel");
        assertRefused(2, run("mask", "all", "--size", "99999x9", "-o", out), "--size");
        assertRefused(3, run("mask", temp.resolve("none.png"), "-o", out), "none.png: no such file");
        assertRefused(3, run("mask", TestData.resource("/cxr/dicom/multiframe_native.dcm"), "-o", out), "#frame=K");
        assertRefused(2, run("mask", "all", "--size", "9", "-o", out), "--size must be");
        assertRefused(2, run("mask", "all", "--size", "9x9", "-o", temp.resolve("x.jpg")), ".safetensors");
        assertRefused(2, run("mask", "all", "--size", "9x9", "--dilate", -1, "-o", out), "0 to 65535");
        assertRefused(2, run("mask", "all", "--size", "9x9", "--free-band", 1, "-o", out), "--apart-from");
        assertRefused(2, run("mask", "all", "--size", "9x9", "--film", FILM, "-o", out), "give one");
        assertRefused(2, run("mask", "-o", out), "SOURCE");
        assertRefused(2, run("mask", "", "--size", "9x9", "-o", out), "'': names no file");
        assertRefused(2, run("mask", "landmarks:#row=1", "-o", out), "'landmarks:#row=1': names no file");
        assertRefused(2, run("mask", "all", "--size", "9x9", "-o", out + "/"), "x.png/' is not an existing folder");
        assertRefused(2, run("mask", "all", "--size", "9x9", "-o", out, "--preview", temp.resolve("p.jpg")), ".png");
        assertRefused(2, run("mask", "all", "--size", "9x9", "-o", out, "--frame", 2), "--frame and --window");
        Path kept = Files.copy(MASKS.resolve("grey8.png"), temp.resolve("in.png"));
        assertRefused(2, run("mask", kept, "-o", kept), "is an input");
        assertFalse(Files.exists(out));
        assertTrue(run("mask", "--help").out().contains("polygon:'X,Y X,Y X,Y'"));
    }

    /** If a table has two rows of a film, neither is used. */
    @Test
    void tablesWithSeveralRowsOfOneFilm() throws IOException {
        Path table = Files.writeString(temp.resolve("t.csv"),
                "Image,Heart,Height,Width\na.png,1 2,5,4\nb.png,3 1,5,4\na.png,7 3,5,4\n");
        Path out = temp.resolve("x.png");
        Outcome twice = run("mask", "rle:" + table + "#id=a.png,column=Heart", "-o", out);
        assertRefused(3, twice, table + ": has 2 rows of 'a.png'", "#row=K", "row 1, 3");
        Outcome none = run("mask", "rle:" + table + "#id=c.png,column=Heart", "-o", out);
        assertRefused(3, none, "has no row of 'c.png'");
        for (Outcome o : new Outcome[]{twice, none}) {
            assertEquals(2, o.err().split("t.csv", -1).length, "the file is named once: " + o.err());
        }
        assertFalse(Files.exists(out));
        assertEquals(1, mask("rle:" + table + "#id=b.png,column=Heart").count());
        assertEquals(3, mask("rle:" + table + "#row=3,column=Heart").count());
    }

    /** A row may lack the film's size; then it must be given, and it must not contradict the row. */
    @Test
    void tablesWhoseRowsDoNotSayHowLargeTheFilmIs() throws IOException {
        Path table = Files.writeString(temp.resolve("t.csv"), "Image,Heart,Landmarks,Height,Width\nboth,1 2,,5,4\n"
                + "real,1 2,,5.0,4.\nnone,1 2,,,\nnan,1 2,,NaN,nan\nshort,1 2\nhalf,1 2,,5,\nother,1 2,,,4\n"
                + "part,1 2,,5.5,4\ntext,1 2,,five,4\nzero,1 2,,0,0\nmarks,,\"" + "1 1 ".repeat(120) + "\",,\n");
        Path out = temp.resolve("x.safetensors");
        for (String id : new String[]{"both", "real"}) {
            Outcome o = run("mask", "rle:" + table + "#id=" + id + ",column=Heart", "-o", out);
            assertEquals(new Outcome(0, out + "\n", ""), o);
            assertEquals(Shape.of(5, 4), Fixtures.tensors(out).get("mask").shape());
        }
        for (String id : new String[]{"none", "nan", "short", "half", "other", "marks"}) {
            String source = (id.equals("marks") ? "landmarks:" + table + "#id=" : "rle:" + table + "#id=") + id
                    + (id.equals("marks") ? "" : ",column=Heart");
            boolean half = id.equals("half") || id.equals("other");
            Outcome refused = run("mask", source, "-o", temp.resolve("n.png"));
            assertRefused(half ? 3 : 2, refused, "--film F or --size WxH");
            Outcome o = run("mask", source, "--size", "4x5", "-o", out);
            assertEquals(0, o.code(), o.err());
            assertTrue(o.err().contains("does not say how large its film is; 4 x 5 pixels are used"), o.err());
            assertEquals(Shape.of(5, 4), Fixtures.tensors(out).get("mask").shape());
            if (half) {
                assertRefused(3, run("mask", source, "--size", "9x9", "-o", out), "the given film has 9 x 9");
            }
        }
        for (String id : new String[]{"part", "text", "zero"}) {
            Outcome o = run("mask", "rle:" + table + "#id=" + id + ",column=Heart", "--size", "4x5", "-o", out);
            assertRefused(3, o, id.equals("zero") ? "not a possible film size" : "a number of pixels is expected");
        }
    }

    @Test
    void whatReachesBeyondTheFilmIsSaid() throws IOException {
        Path out = temp.resolve("x.png");
        for (String shape : new String[]{"box:5,5,5,4", "box:-1,0,5,5", "polygon:0,0 9,0 4,10"}) {
            Outcome o = run("mask", shape, "--size", "9x9", "-o", out);
            assertEquals(0, o.code());
            assertEquals("radedit: warning: " + shape + " reaches beyond the film of 9 x 9 pixels and is cut off at its"
                    + " edge\n", o.err());
        }
        assertEquals(new Outcome(0, out + "\n", ""), run("mask", "box:0,0,9,9", "--size", "9x9", "-o", out));
        assertRefused(2, run("mask", "box:9,0,1,1", "--size", "9x9", "-o", out), "no pixel of a film of 9 x 9");
    }

    /** A shape on the film is the same as a file of it. */
    @Test
    void editTakesTheSameSources() throws IOException {
        Path film = TestData.reference("tiny/edit_image.png");
        Path file = temp.resolve("box.png");
        assertEquals(0, run("mask", "box:32,40,50,60", "--film", film, "-o", file).code());
        Path keep = temp.resolve("keep.png");
        assertEquals(0, run("mask", "all", "--apart-from", "box:32,40,50,60", "--free-band", 9, "--film", film, "-o",
                keep).code());
        Path a = temp.resolve("a.safetensors");
        Path b = temp.resolve("b.safetensors");
        Object[] line = {"edit", "--model", Fixtures.model(Size.TINY), "--steps", 3, "--image", film, "--prompt", "a",
                "--quiet"};
        Outcome shapes = run(join(line, "--edit-mask", "box:32,40,50,60", "--keep-mask", "all", "--free-band", 9, "-o",
                a));
        assertEquals(new Outcome(0, "", ""), shapes);
        assertEquals(0, run(join(line, "--edit-mask", file, "--keep-mask", keep, "-o", b)).code());
        assertTrue(Arrays.equals(Fixtures.tensors(a).get("image").data(), Fixtures.tensors(b).get("image").data()));
        assertRefused(3, run(join(line, "--edit-mask", "none", "-o", a)), "edit mask is empty");
        assertRefused(2, run(join(line, "--edit-mask", "all", "--free-band", 3, "-o", a)), "--keep-mask");
        assertRefused(2, run(join(line, "--edit-mask", "polygon:1,2 NaN,4 5,6", "-o", a)), "'NaN' is not a coordinate");
    }

    private static Object[] join(Object[] a, Object... b) {
        return Stream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }
}
