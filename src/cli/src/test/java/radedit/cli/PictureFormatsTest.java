package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Pictures that are rotated, damaged, transparent or have several frames. */
class PictureFormatsTest {
    @TempDir
    Path temp;

    private static Path report(String name) {
        return TestData.resource("/reports/" + name);
    }

    private Path golden(String name) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(
                Files.newInputStream(TestData.resource("/raster/goldens.zip")))) {
            for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
                if (e.getName().equals(name)) {
                    return Files.write(temp.resolve(name), zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** A turned film comes back as it was read: upright, with all pixels outside the mask and its feather. */
    @Test
    void nativeEditsOfTurnedFilms() throws IOException {
        for (Path film : new Path[]{golden("tiff_turned6.tif"), report("21_exif_long_png/exif6.png"),
                golden("exif_short8_be.jpg")}) {
            Path out = temp.resolve("n.png");
            Outcome o = run("edit", "--model", Fixtures.model(Size.TINY), "--steps", 2, "--image", film, "--prompt",
                    "a",
                    "--edit-mask", "box:3,5,9,7", "--native", "--feather", 2, "--fit", "pad", "-o", out, "--json",
                    "--quiet");
            assertEquals(0, o.code(), o.err());
            JsonNode about = new ObjectMapper().readTree(o.out()).get("images").get(0).get("film");
            String key = film.toString().endsWith("tif") ? "tiff_orientation" : "exif_orientation";
            assertTrue(about.get(key).asText().endsWith(", turned upright"), about.toString());
            Film before = Films.read(film);
            Film after = Films.read(out);
            assertEquals(before.columns() + " x " + before.rows(), after.columns() + " x " + after.rows());
            int changed = 0;
            for (int i = 0; i < before.pixels().size(); i++) {
                int x = i % before.columns();
                int y = i / before.columns();
                boolean reached = x >= 1 && x < 14 && y >= 3 && y < 14;
                boolean same = before.pixels().at(i) == after.pixels().at(i);
                assertTrue(same || reached, film + ": column " + x + ", row " + y);
                changed += same ? 0 : 1;
            }
            assertTrue(changed > 30, film + ": " + changed);
        }
    }

    @Test
    void aPngOfStoredValuesWarnsWhereZeroIsWhite() throws IOException {
        Path film = golden("mask_white.tif");
        Outcome o = run("edit", "--model", Fixtures.model(Size.TINY), "--steps", 2, "--image", film, "--prompt", "a",
                "--edit-mask", "box:3,5,9,7", "--native", "-o", temp.resolve("n.png"));
        assertTrue(o.code() == 0 && o.err().contains("0 is white in this film (TIFF)"), o.err());
    }

    @Test
    void damageIsWarnedOfAndRecorded() throws IOException {
        Path film = report("14_jpeg_stray_bytes/extraneous_before_eoi.jpg");
        Outcome o = run("film", "explain", film, "--json");
        assertEquals(0, o.code());
        assertTrue(o.err().startsWith("radedit: warning: " + film + ": it has stray bytes"), o.err());
        assertTrue(new ObjectMapper().readTree(o.out()).get("warnings").get(0).asText().contains("stray"), o.out());
        o = run("film", "read", film, "-o", temp.resolve("x.safetensors"), "--quiet");
        assertEquals(new Outcome(0, "", ""), o);
        o = run("mask", film, "-o", temp.resolve("m.png"));
        assertTrue(o.code() == 0 && o.err().contains("stray bytes"), o.err());
        o = run("mask", "all", "--film", film, "-o", temp.resolve("m.png"));
        assertTrue(o.code() == 0 && o.err().contains("stray bytes"), o.err());
    }

    @Test
    void alphaIsChosenBehindTheName() throws IOException {
        Path out = temp.resolve("m.png");
        Path comfy = report("01_mask_rgba/mask_comfy.png");
        Outcome o = run("mask", comfy, "-o", out);
        assertTrue(o.code() == 0 && o.err().startsWith("radedit: warning: ") && o.err().contains("#alpha=clear"),
                o.err());
        Mask opaque = Mask.of(Images.read(out));
        assertEquals(new Outcome(0, out + "\n", ""), run("mask", comfy + "#alpha=clear", "-o", out));
        assertEquals(opaque.inverse(), Mask.of(Images.read(out)));
        assertEquals(new Outcome(0, out + "\n", ""), run("mask", comfy + "#alpha=ignore", "-o", out));
        assertEquals(Mask.filled(opaque.width(), opaque.height(), true), Mask.of(Images.read(out)));
        assertRefused(2, run("mask", comfy + "#alpha=1", "-o", out), "'alpha=1' does not select anything",
                "#alpha=set, clear or ignore");
        assertRefused(2, run("mask", report("16_formats/heart.gif") + "#alpha=set", "-o", out), "no alpha channel");
        assertTrue(run("mask", "--help").out().contains("FILE#alpha=set"));
    }

    @Test
    void framesOfAnimationsAndPages() throws IOException {
        Path out = temp.resolve("x.safetensors");
        Path gif = golden("gif_animation.gif");
        Outcome o = run("film", "read", gif, "-o", out);
        assertTrue(o.code() == 0 && o.err().contains("an animation of 3 pictures"), o.err());
        double[] first = Fixtures.tensors(out).get("stored").data();
        assertEquals(new Outcome(0, out + "\n", ""), run("film", "read", gif, "--frame", 2, "-o", out));
        double[] second = Fixtures.tensors(out).get("stored").data();
        int columns = 37;
        assertEquals(first[0], second[7], "each frame is rolled by 7 columns");
        assertEquals(first[columns + 9], second[columns + 16]);
        assertRefused(2, run("film", "read", gif, "--frame", 4, "-o", out), "has 3 frames, none is number 4");
        assertRefused(2, run("mask", gif + "#frame=all", "-o", temp.resolve("m.png")), "#frame=K chooses one of its 3");

        Path mixed = golden("tiff_mixed.tif");
        assertRefused(3, run("film", "read", mixed, "-o", out), "different kinds", "--frame");
        for (int page = 1; page <= 2; page++) {
            assertEquals(0, run("film", "read", mixed, "--frame", page, "-o", out).code());
        }
        assertRefused(2, run("mask", golden("mask_volume.nrrd") + "#alpha=clear", "-o", temp.resolve("m.png")),
                "no alpha channel");
    }
}
