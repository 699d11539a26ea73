package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.digest.Digests;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** The masks of an edit: which pixels count, messages, and repetition of an edit. */
class EditMasksTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path FILM = TestData.reference("tiny/edit_image.png");
    private static final int SIDE = 128;

    @TempDir
    Path temp;

    private Outcome edit(Object... more) {
        return run(Outcome.line(List.of("edit", "--model", MODEL, "--steps", 4, "--image", FILM, "--prompt", "a", "-o",
                temp.resolve("x.png"), "--json"), more));
    }

    private JsonNode settings(Outcome o) throws IOException {
        assertEquals(0, o.code(), o.err());
        return new ObjectMapper().readTree(o.out()).get("images").get(0);
    }

    private interface Pixels {
        boolean at(int x, int y);
    }

    private Path mask(String name, Pixels pixels) throws IOException {
        boolean[] set = new boolean[SIDE * SIDE];
        for (int i = 0; i < set.length; i++) {
            set[i] = pixels.at(i % SIDE, i / SIDE);
        }
        Path file = temp.resolve(name);
        Picture p = new Mask(SIDE, SIDE, set).toPicture();
        try (var out = Files.newOutputStream(file)) {
            Images.writePng(out, p, Map.of());
        }
        return file;
    }

    @Test
    void severalMasksAreTheirUnion() throws IOException {
        Path left = mask("left.png", (x, y) -> x < 32);
        Path right = mask("right.png", (x, y) -> x >= 96);
        Path both = mask("both.png", (x, y) -> x < 32 || x >= 96);
        JsonNode union = settings(edit("--edit-mask", left, "--edit-mask", right, "-o", temp.resolve("u.png")));
        settings(edit("--edit-mask", both, "-o", temp.resolve("b.png")));
        assertArrayEquals(Images.read(temp.resolve("u.png")).samples(), Images.read(temp.resolve("b.png")).samples());
        assertEquals(128, union.get("edit_cells").asInt());
        JsonNode told = union.get("inputs").get("edit_mask");
        assertEquals(List.of(left.toString(), right.toString()),
                List.of(told.get(0).get("source").asText(), told.get(1).get("source").asText()));
        JsonNode keeps = settings(edit("--edit-mask", left, "--keep-mask", "box:40,0,8,128", "--keep-mask", right));
        assertEquals(16 + 64, keeps.get("keep_cells").asInt());
        assertEquals("box:40,0,8,128", keeps.get("inputs").get("keep_mask").get(0).get("source").asText());
        assertRefused(Exit.USAGE, edit("--edit-mask", left, "--edit-mask", left, "-o", left), "left.png");
    }

    /** A thin drain: kept whole unless another rule is given, which causes a warning. */
    @Test
    void aThinKeepMaskIsKeptWhole() throws IOException {
        Path edit = mask("edit.png", (x, y) -> x > 20);
        Path drain = mask("drain.png", (x, y) -> x == 30 + y / 3 && y % 2 == 0);
        JsonNode any = settings(edit("--edit-mask", edit, "--keep-mask", drain));
        assertEquals("any", any.get("keep_rule").asText());
        assertEquals(0, any.get("keep_pixels_dropped").asInt());
        assertTrue(any.get("keep_cells").asInt() >= 16, any.toString());
        assertEquals("nearest", any.get("mask_rule").asText());

        Outcome nearest = edit("--edit-mask", edit, "--keep-mask", drain, "--mask-rule", "nearest");
        assertTrue(settings(nearest).get("keep_pixels_dropped").asInt() > 0);
        assertEquals("nearest", settings(nearest).get("keep_rule").asText());
        assertTrue(nearest.err().matches("(?s).*warning: \\d+ % of the keep mask's pixels.*--keep-rule any.*"),
                nearest.err());
        JsonNode apart = settings(edit("--edit-mask", edit, "--keep-mask", drain, "--mask-rule", "nearest",
                "--keep-rule", "any"));
        assertEquals("nearest any", apart.get("mask_rule").asText() + " " + apart.get("keep_rule").asText());
        assertEquals(any.get("keep_cells"), apart.get("keep_cells"));
        JsonNode wide = settings(edit("--edit-mask", edit, "--keep-mask", drain, "--mask-rule", "any"));
        assertTrue(wide.get("edit_cells").asInt() > any.get("edit_cells").asInt());
        Files.delete(temp.resolve("x.png"));
        assertRefused(Exit.INPUT, edit("--edit-mask", edit, "--keep-mask", drain, "--keep-rule", "majority"),
                "keep mask", "majority", "--keep-rule any");
        assertFalse(Files.exists(temp.resolve("x.png")));
    }

    @Test
    void aKeepMaskThatKeepsNothingIsRefused() throws IOException {
        Path edit = mask("edit.png", (x, y) -> x > 20);
        Path none = mask("none.png", (x, y) -> false);
        assertRefused(Exit.INPUT, edit("--edit-mask", edit, "--keep-mask", none), "none.png", "the keep mask is empty");
        assertRefused(Exit.INPUT, edit("--edit-mask", edit, "--keep-mask", "none"), "the keep mask is empty");
        assertRefused(Exit.INPUT, edit("--edit-mask", edit, "--keep-mask", none, "--mode", "released"), "empty");
        assertRefused(Exit.INPUT, edit("--edit-mask", "all", "--keep-mask", edit, "--free-band", 16), "keep mask",
                "--free-band");
        assertRefused(Exit.USAGE, edit("--edit-mask", edit, "--keep-rule", "any"), "--keep-rule", "--keep-mask");
        assertFalse(Files.exists(temp.resolve("x.png")));
    }

    /** The settings name what was read by its hash, and hold a command line that makes the same picture. */
    @Test
    void anEditCanBeRepeatedFromItsSettings() throws IOException {
        Path edit = mask("edit.png", (x, y) -> x > 20);
        Path keep = mask("keep.png", (x, y) -> y > 100);
        JsonNode s = settings(edit("--edit-mask", edit + "#above=0", "--keep-mask", keep, "--seed", 5, "--eta", "0.5",
                "--prompt", "b", "--original-text", "c", "--text-encoder", Fixtures.jointTextEncoder()));
        JsonNode inputs = s.get("inputs");
        assertEquals(FILM.toString(), inputs.get("film").get("file").asText());
        assertEquals(Digests.hex("SHA-256", FILM), inputs.get("film").get("sha256").asText());
        assertEquals(Digests.hex("SHA-256", edit), inputs.get("edit_mask").get(0).get("sha256").asText());
        assertEquals(Digests.hex("SHA-256", keep), inputs.get("keep_mask").get(0).get("sha256").asText());
        List<Object> words = new ArrayList<>();
        s.get("command_line").forEach(w -> words.add(w.asText()));
        assertEquals("radedit", words.removeFirst());
        byte[] first = Images.read(temp.resolve("x.png")).samples();
        int output = words.indexOf("--output") + 1;
        assertEquals(temp.resolve("x.png").toString(), words.set(output, temp.resolve("again.png")));
        Outcome again = run(words.toArray());
        assertEquals(0, again.code(), again.err());
        assertArrayEquals(first, Images.read(temp.resolve("again.png")).samples());
        for (String effective : List.of("--skip-ratio", "0.3", "--fit", "resize-crop", "--invert-prompt", "--rng")) {
            assertTrue(words.contains(effective), effective + " in " + words);
        }
    }

    /** If voxels are in a file of their own, both files are recorded. */
    @Test
    void dataBesideAHeaderIsHashedToo() throws IOException {
        Path header = Files.writeString(temp.resolve("m.mhd"),
                "NDims = 2\nDimSize = 128 128\nElementType = MET_UCHAR\nElementDataFile = m.raw\n");
        byte[] voxels = new byte[SIDE * SIDE];
        Arrays.fill(voxels, 0, 5000, (byte) 1);
        Path raw = Files.write(temp.resolve("m.raw"), voxels);
        JsonNode told = settings(edit("--edit-mask", header)).get("inputs").get("edit_mask").get(0);
        assertEquals(Digests.hex("SHA-256", header), told.get("sha256").asText());
        assertEquals(Digests.hex("SHA-256", raw), told.get("data_sha256").asText());
    }

    @Test
    void aDeidentifiedResultNamesNoFiles() throws IOException {
        Path film = Files.copy(TestData.resource("/cxr/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm"),
                temp.resolve("Smith^John.dcm"));
        Path out = temp.resolve("x.dcm");
        Outcome o = run("edit", "--model", MODEL, "--steps", 2, "--image", film, "--edit-mask", "box:100,100,300,300",
                "--prompt", "a", "-o", out, "--deidentify");
        assertEquals(0, o.code(), o.err());
        String raw = Files.readString(out, StandardCharsets.ISO_8859_1);
        assertFalse(raw.contains("Smith"), "a file's name is not told");
        assertTrue(raw.contains(Digests.hex("SHA-256", film)), "its hash is");
    }

    /** The preview tints the cells that count, which a thin mask's outline does not show. */
    @Test
    void thePreviewShowsTheCells() throws IOException {
        Path edit = mask("edit.png", (x, y) -> x > 64 && x < 110);
        Path keep = mask("keep.png", (x, y) -> x == 12);
        Path look = temp.resolve("look.png");
        settings(edit("--edit-mask", edit, "--keep-mask", keep, "--preview", look));
        Picture p = Images.read(look);
        Picture film = Images.read(FILM);
        int gap = (p.width() - 4 * SIDE) / 3;
        int tinted = 0;
        for (int x = 8; x < 16; x++) {
            int at = 3 * (40 * p.width() + SIDE + gap + x);
            int blue = p.samples()[at + 2] & 0xFF;
            tinted += blue != (film.samples()[40 * SIDE + x] & 0xFF) ? 1 : 0;
        }
        assertEquals(8, tinted, "a cell's width");
    }
}
