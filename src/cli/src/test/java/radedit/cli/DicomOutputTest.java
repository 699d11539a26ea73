package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** -o x.dcm. */
class DicomOutputTest {
    @TempDir
    Path temp;

    private Outcome edit(Path film, Path out, String... more) {
        return run(Outcome.line(List.of("edit", "--model", Fixtures.model(Size.TINY), "--steps", 2, "--image", film,
                "--edit-mask", TestData.reference("tiny/edit_edit_mask.png"), "--prompt", "a", "-o", out),
                (Object[]) more));
    }

    private static Path film(String name) {
        return TestData.resource("/cxr/dicom/" + name);
    }

    private static String raw(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    @Test
    void generatedFilms() throws IOException {
        Path png = temp.resolve("g.png");
        Path dcm = temp.resolve("g.dcm");
        Path model = Fixtures.model(Size.TINY);
        assertEquals(0, run("generate", "Erguß", "b", "--model", model, "--steps", 2, "-o", png).code());
        Outcome o = run("generate", "Erguß", "b", "--model", model, "--steps", 2, "-o", dcm);
        assertEquals(temp.resolve("g-1.dcm") + "\n" + temp.resolve("g-2.dcm") + "\n", o.out());
        for (int i = 1; i <= 2; i++) {
            Film film = Films.read(temp.resolve("g-" + i + ".dcm"));
            assertEquals("DICOM", film.format());
            assertArrayEquals(Films.read(temp.resolve("g-" + i + ".png")).picture().samples(),
                    film.picture().samples());
        }
        String raw = raw(temp.resolve("g-1.dcm"));
        assertTrue(raw.contains("\"prompt\":\"Ergu\\u00DF\"") && raw.contains("from the text: [Ergu\u00c3\u009f]"),
                raw);
    }

    /** Polarity by Presentation LUT Shape comes back as an interpretation and a shape that agree. */
    @Test
    void invertedFilmsStayAsTheyAreShown() throws IOException {
        Path film = TestData.resource("/odd/mono2_inverse.dcm");
        Path out = temp.resolve("i.dcm");
        Outcome o = edit(film, out, "--native", "--feather", "0", "--deidentify");
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().startsWith("radedit: warning: " + film + ": Presentation LUT Shape (2050,0020) is INVERSE"),
                o.err());
        Film before = Films.read(film);
        Film after = Films.read(out);
        assertEquals("[]", after.warnings().toString());
        assertEquals("MONOCHROME1", after.facts().get("photometric_interpretation"));
        assertTrue(raw(out).contains("INVERSE"));
        double[] shown = before.display();
        double[] again = after.display();
        int same = 0;
        for (int i = 0; i < shown.length; i++) {
            if (before.pixels().at(i) == after.pixels().at(i)) {
                same++;
                assertEquals(shown[i], again[i], 1.0 / 4095, "the range of the picture may have changed by the edit");
            }
        }
        assertTrue(same > shown.length / 3, same + " pixels are as they were");
    }

    @Test
    void whoIsShownMustBeDecided() throws IOException {
        Path out = temp.resolve("e.dcm");
        Path film = film("mono1_window.dcm");
        Outcome refused = edit(film, out);
        assertEquals(2, refused.code(), refused.err());
        assertTrue(refused.err().contains("--deidentify") && refused.err().contains("--keep-patient"), refused.err());
        assertEquals(2, edit(film, out, "--deidentify", "--keep-patient").code());
        assertEquals(2, edit(film, temp.resolve("e.png"), "--deidentify").code());
        assertEquals(2, edit(TestData.resource("/cxr/00000001_000.png"), out, "--keep-patient").code());
        assertFalse(Files.exists(out));

        assertEquals(0, edit(film, out, "--keep-patient").code());
        assertTrue(raw(out).contains("Test^Film") && raw(out).contains("1.2.826.0.1.3680043.8.498.27869394227674496"));
        assertFalse(raw(out).contains("1.2.826.0.1.3680043.8.498.13060571316943852"), "the source's series");
        Path without = temp.resolve("d.dcm");
        Outcome removed = edit(film, without, "--deidentify");
        assertEquals(0, removed.code());
        assertTrue(removed.err().contains("not detected"), removed.err());
        for (String telling : List.of("Test^", "19700101", "20200101", "1.2.826")) {
            assertFalse(raw(without).contains(telling), telling);
        }
        assertArrayEquals(Films.read(out).picture().samples(), Films.read(without).picture().samples());
        assertEquals(0, edit(TestData.resource("/cxr/00000001_000.png"), out).code());
        assertEquals("YES ", annotation(out), "nobody looked at the PNG either");
    }

    /** The result has the film's Burned In Annotation; without one, it has YES, so that readers check. */
    @Test
    void burnedInAnnotation() throws IOException {
        Path out = temp.resolve("b.dcm");
        assertEquals(0, edit(film("mono1_window.dcm"), out, "--keep-patient").code());
        assertEquals("YES ", annotation(out));
        Path said = temp.resolve("said.dcm");
        for (String value : List.of("NO", "YES ")) {
            // The element goes where the standard's order has it, before Window Center.
            String before = raw(film("mono1_window.dcm"));
            int at = before.indexOf("\50\0\120\20DS");
            Files.writeString(said, before.substring(0, at) + "\50\0\1\3CS" + (char) value.length() + "\0" + value
                    + before.substring(at), StandardCharsets.ISO_8859_1);
            Outcome o = edit(said, out, "--deidentify");
            assertEquals(0, o.code(), o.err());
            assertEquals(value, annotation(out));
            assertEquals(value.equals("YES "), o.err().contains("says that text in its pixels identifies"), o.err());
        }
        assertEquals(0, run("generate", "a", "--model", Fixtures.model(Size.TINY), "--steps", 2, "-o", out).code());
        assertEquals("NO", annotation(out), "it was made of nobody's film");
    }

    private static String annotation(Path file) throws IOException {
        String raw = raw(file);
        int at = raw.indexOf("\50\0\1\3CS") + 6;
        return raw.substring(at + 2, at + 2 + raw.charAt(at));
    }

    @Test
    void spacingFollowsTheSizeAndPixelsAreSquare() throws IOException {
        Path out = temp.resolve("e.dcm");
        // 100 x 124 pixels of 1.7 mm; the short side becomes 128, the long one 158.
        assertEquals(0, edit(film("mono1_window.dcm"), out, "--keep-patient").code());
        assertTrue(raw(out).contains("1.334177215\\1.328125"));
        assertEquals(1.334177215 / 1.328125, Films.read(out).pixelAspect(), 1e-9);
        // Pixels 4/3 times as high as wide: 100 x 165 square ones, of which 128 x 211 are made.
        Outcome o = edit(film("aspect.dcm"), out, "--keep-patient");
        assertEquals(0, o.code(), o.err());
        assertTrue(raw(out).contains("\"film_rows_per_row\":" + 124 / 211.0), raw(out));
        assertEquals(1, Films.read(out).pixelAspect());
    }

    /**
     * At native size, values and interpretation of the film are unchanged to the bit, except in the mask and its
     * feather.
     */
    @Test
    void nativeFilmsKeepTheirValuesAndTheirMeaning() throws IOException {
        for (String name : List.of("mono1_window.dcm", "signed12_zero_top.dcm", "signed16_rescale.dcm",
                "negative_slope.dcm", "padding_range_mono1.dcm", "sigmoid.dcm", "linear_exact.dcm", "aspect.dcm")) {
            Path out = temp.resolve("n.dcm");
            Path source = film(name);
            Film before = Films.read(source);
            Outcome o = edit(source, out, "--edit-mask", "box:30,40,20,20", "--native", "--feather", "4",
                    "--keep-patient", "--mask-rule", "any");
            assertEquals(0, o.code(), name + ": " + o.err());
            Film after = Films.read(out);
            assertEquals(before.meaning(0).photometric(), after.meaning(0).photometric(), name);
            assertEquals(before.meaning(0).depth(), after.meaning(0).depth(), name);
            assertEquals(before.meaning(0).padding(), after.meaning(0).padding(), name);
            assertEquals(before.pixelAspect(), after.pixelAspect(), 1e-9, name);
            double[] shown = before.display();
            double[] then = after.display();
            int changed = 0;
            for (int y = 0; y < before.rows(); y++) {
                for (int x = 0; x < before.columns(); x++) {
                    int at = y * before.columns() + x;
                    boolean near = x >= 26 && x < 54 && y >= 36 && y < 64;
                    if (!near) {
                        assertEquals(before.pixels().at(at), after.pixels().at(at), name);
                        if (before.meaning(0).view() != null) {
                            assertEquals(shown[at], then[at], 1e-12, name);
                        }
                    }
                    changed += before.pixels().at(at) != after.pixels().at(at) ? 1 : 0;
                }
            }
            System.out.println(name + ": " + changed + " stored values changed");
            assertTrue(changed > 100, name + ": " + changed);
        }
    }

    @Test
    void tablesAreNotWritten() {
        for (String name : List.of("voi_lut.dcm", "modality_lut.dcm", "palette.dcm")) {
            Outcome o = edit(film(name), temp.resolve("t.dcm"), "--native", "--keep-patient");
            assertEquals(3, o.code(), name + ": " + o.err());
            assertTrue(o.err().contains("cannot use --native"), o.err());
        }
    }

    @Test
    void sixteenBits() throws IOException {
        Path out = temp.resolve("s.dcm");
        Path model = Fixtures.model(Size.TINY);
        assertEquals(0, run("generate", "a", "--model", model, "--steps", 2, "--bits", 16, "-o", out).code());
        assertEquals("16 bits unsigned", Films.read(out).meaning(0).depth().toString());
        assertEquals(2, run("generate", "a", "--model", model, "--bits", 16, "--rgb", "-o", out).code());
    }
}
