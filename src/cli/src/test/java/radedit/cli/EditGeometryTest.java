package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Mapping of films to the model's square and back, and formats of the results. */
class EditGeometryTest {
    private static final String BOX = "box:30,40,30,25";

    @TempDir
    Path temp;

    private static Outcome edit(Path film, Object... more) {
        return run(Outcome.line(List.of("edit", "--model", Fixtures.model(Size.TINY), "--steps", 2, "--image", film,
                "--prompt", "a", "--edit-mask", BOX), more));
    }

    private static JsonNode settings(Outcome o) throws IOException {
        assertEquals(0, o.code(), o.err());
        return new ObjectMapper().readTree(o.out()).get("images").get(0);
    }

    /** Stored values of 12 bits, signed ones, colours: outside the mask and its feather the film, inside the edit. */
    @Test
    void nativeSizeKeepsAllElse() throws IOException {
        String[][] cases = {{"dicom/padding_range_mono1.dcm", "png"},
                {"dicom/signed16_rescale.dcm", "nii.gz"}, {"dicom/rgb_planar1.dcm", "png"}};
        for (String[] c : cases) {
            Path film = TestData.resource("/cxr/" + c[0]);
            Path out = temp.resolve("n." + c[1]);
            JsonNode s = settings(edit(film, "--native", "--feather", 5, "-o", out, "--json", "--quiet"));
            JsonNode n = s.get("native");
            assertEquals(0, n.get("changed_outside").asInt());
            assertTrue(n.get("changed_pixels").asInt() > 500, n.toString());
            Film before = Films.read(film);
            Film after = Films.read(out);
            assertEquals(before.columns() + " x " + before.rows() + " x " + before.pixels().samples(),
                    after.columns() + " x " + after.rows() + " x " + after.pixels().samples());
            Mask reach = MaskSource.of(BOX).read(new Extent(before.columns(), before.rows()), w -> {}).dilate(5);
            int changed = 0;
            int samples = before.pixels().samples();
            for (int i = 0; i < reach.pixels().length; i++) {
                boolean same = true;
                for (int k = i * samples; k < (i + 1) * samples; k++) {
                    same &= before.pixels().at(k) == after.pixels().at(k);
                }
                assertTrue(same || reach.pixels()[i], c[0] + " at " + i);
                changed += same ? 0 : 1;
            }
            assertEquals(n.get("changed_pixels").asInt(), changed, c[0]);
        }
    }

    /**
     * The affine of a NIfTI film, by its sform, is the one that nibabel reads; a DICOM film's is made of its spacing.
     */
    @Test
    void niftiSaysWherePixelsLie() throws IOException {
        JsonNode expected = new ObjectMapper().readTree(TestData.resource("/odd/expected.json").toFile());
        for (String name : new String[]{"i16", "lps"}) {
            Path film = TestData.resource("/odd/" + name + ".nii.gz");
            Path out = temp.resolve("n.nii");
            settings(edit(film, "--native", "-o", out, "--json", "--quiet"));
            ByteBuffer h = header(out);
            assertEquals(expected.get(name).get("affine").toString(), affine(h));
            assertEquals(expected.get(name).get("sform_code").asInt(), h.getShort(254));
            assertEquals("int16", Films.read(out).facts().get("cells"));
            assertEquals(expected.get(name).get("shape").toString(), "[" + h.getShort(42) + "," + h.getShort(44) + "]");
            assertEquals(2, h.getShort(40), "axes");
        }
        Path film = TestData.resource("/odd/spacing.dcm");
        Path out = temp.resolve("d.nii");
        settings(edit(film, "--native", "--edit-mask", "box:10,10,20,20", "-o", out, "--json", "--quiet"));
        assertEquals("[[-0.25,0.0,0.0,0.0],[0.0,-0.20000000298023224,0.0,0.0],[0.0,0.0,1.0,0.0],[0.0,0.0,0.0,1.0]]",
                affine(header(out)));
        assertEquals(2, header(out).get(123), "millimetres");
        settings(edit(TestData.resource("/cxr/00000001_000.png"), "--native", "--edit-mask", "box:99,99,99,99", "-o",
                out,
                "--json", "--quiet"));
        assertEquals("0 0 0", header(out).getShort(252) + " " + header(out).getShort(254) + " " + header(out).get(123));
    }

    private static ByteBuffer header(Path nifti) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(nifti)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String affine(ByteBuffer h) {
        StringBuilder b = new StringBuilder("[");
        for (int row = 0; row < 3; row++) {
            for (int c = 0; c < 4; c++) {
                b.append(c == 0 ? "[" : ",").append((double) h.getFloat(280 + 4 * (4 * row + c)));
            }
            b.append("],");
        }
        return b.append("[0.0,0.0,0.0,1.0]]").toString().replace("-0.0,", "0.0,").replace("-0.0]", "0.0]");
    }

    @Test
    void nativeSizeIsRefusedWhereItCannotBe() {
        Path out = temp.resolve("n.png");
        assertRefused(3, edit(TestData.resource("/cxr/dicom/palette.dcm"), "--native", "-o", out), "palette.dcm",
                "palette", "convert it");
        assertRefused(3, edit(TestData.resource("/cxr/dicom/signed16_rescale.dcm"), "--native", "-o", out),
                "signed", "-o x.nii.gz");
        assertRefused(3, edit(TestData.resource("/cxr/dicom/rgb_planar1.dcm"), "--native", "-o",
                temp.resolve("n.nii")), "colour", "-o x.png");
        assertRefused(2, edit(TestData.resource("/cxr/dicom/negative_slope.dcm"), "--feather", 3, "-o", out),
                "--feather needs --native");
        assertRefused(2, edit(TestData.resource("/cxr/dicom/negative_slope.dcm"), "--native", "--feather", -3, "-o",
                out), "--feather must be");
        for (Object[] form : new Object[][]{{"--bits", 8}, {"--bits", 16}, {"--rgb"}}) {
            Object[] line = Stream.concat(Stream.of("--native", "-o", out), Arrays.stream(form)).toArray();
            assertRefused(2, edit(TestData.resource("/cxr/dicom/negative_slope.dcm"), line),
                    form[0] + " cannot be combined with --native");
        }
        assertFalse(Files.exists(out));
    }

    private static void assertStarts(String expected, String text) {
        assertEquals(expected, text.substring(0, Math.min(expected.length(), text.length())));
    }

    @Test
    void fitIsRecordedAndMasksFollow() throws IOException {
        Path film = TestData.resource("/cxr/dicom/negative_slope.dcm"); // 100 x 124
        Path out = temp.resolve("f.png");
        JsonNode crop = settings(edit(film, "-o", out, "--json", "--quiet"));
        JsonNode pad = settings(edit(film, "-o", out, "--json", "--quiet", "--fit", "pad", "--resample", "lanczos"));
        JsonNode stretch = settings(edit(film, "-o", out, "--json", "--quiet", "--fit", "stretch"));
        assertStarts("{\"mode\":\"resize-crop\",\"filter\":\"bilinear\",\"film\":[100,124],\"scaled\":[128,158],"
                + "\"left\":0,\"top\":15,", crop.get("fit").toString());
        assertStarts("{\"mode\":\"pad\",\"filter\":\"lanczos\",\"film\":[100,124],\"scaled\":[103,128],\"left\":-12,"
                + "\"top\":0,", pad.get("fit").toString());
        assertEquals("stretch", stretch.get("fit").get("mode").asText());
        assertTrue(pad.get("edit_cells").asInt() < stretch.get("edit_cells").asInt()
                && stretch.get("edit_cells").asInt() < crop.get("edit_cells").asInt());
        assertRefused(2, edit(film, "-o", out, "--fit", "squash"), "resize-crop, pad, stretch");
        // Its pixels are 4/3 as high as wide, so that it is 100 x 165 in width units.
        assertEquals("[128,211]",
                settings(edit(TestData.resource("/cxr/dicom/aspect.dcm"), "-o", out, "--json", "--quiet")).get("fit")
                        .get("scaled").toString());
    }

    @Test
    void picturesInSixteenBitsAndAsNifti() throws IOException {
        Path film = TestData.reference("tiny/edit_image.png");
        Path tensors = temp.resolve("x.safetensors");
        assertEquals(0, edit(film, "-o", tensors, "--native", "--quiet").code());
        Tensor image = Fixtures.tensors(tensors).get("image");
        assertEquals(Shape.of(128, 128), Fixtures.tensors(tensors).get("native").shape());
        double[] v = image.data();
        int plane = 128 * 128;
        for (String name : new String[]{"x.png 16", "x.nii 8", "x.nii.gz 16"}) {
            int bits = Integer.parseInt(name.substring(name.indexOf(' ') + 1));
            Path out = temp.resolve(name.substring(0, name.indexOf(' ')));
            assertEquals(0, edit(film, "-o", out, "--bits", bits, "--quiet").code());
            double most = (1 << bits) - 1;
            double[] grey = Films.read(out).display();
            for (int i = 0; i < plane; i++) {
                double exact = 0.299 * v[i] + 0.587 * v[plane + i] + 0.114 * v[2 * plane + i];
                assertEquals(exact, grey[i], (bits == 16 ? 0.51 : 1.01) / most, name + " at " + i);
            }
        }
        assertTrue(new String(Files.readAllBytes(temp.resolve("x.nii")), 0, 4000,
                java.nio.charset.StandardCharsets.ISO_8859_1).contains("\"command\":\"edit\""));
        assertRefused(2, edit(film, "-o", temp.resolve("x.png"), "--bits", 12), "--bits must be 8 or 16");
        assertRefused(2, edit(film, "-o", temp.resolve("x.nii"), "--rgb"), "NIfTI holds grey");
    }

    @Test
    void previewShowsFilmMasksResultAndDifference() throws IOException {
        Path film = TestData.reference("tiny/edit_image.png");
        Path out = temp.resolve("x.png");
        Path look = temp.resolve("look.png");
        Outcome o = edit(film, "-o", out, "--preview", look, "--keep-mask", "all", "--free-band", 6);
        assertEquals(0, o.code(), o.err());
        assertEquals(out + "\n" + look + "\n", o.out());
        Picture p = Images.read(look);
        Picture result = Images.read(out);
        Picture before = Images.read(film).toGrey();
        assertEquals(3, p.channels());
        assertEquals(128, p.height());
        assertTrue(p.width() > 4 * 128 + 20, "four panels and a bar: " + p.width());
        int gap = 2;
        for (int i = 0; i < 128 * 128; i += 7) {
            assertEquals(before.samples()[i] & 0xFF, p.get(i % 128, i / 128, 1));
            assertEquals(result.samples()[i] & 0xFF, p.get(2 * (128 + gap) + i % 128, i / 128, 0));
        }
        assertEquals(0xFF, p.get(128 + gap + 30, 50, 0), "the edit mask's border is yellow");
        assertEquals(0x2F, p.get(128 + gap + 30, 50, 2));
        assertEquals(0xDE, p.get(128 + gap, 50, 2), "the keep mask's is blue");
        assertRefused(2, edit(film, "-o", out, "--preview", out), "--preview");

        // The preview equals the written result, and nothing differs outside the mask and its feather.
        assertEquals(0, edit(film, "-o", out, "--native", "--feather", 4, "--preview", look).code());
        Picture restored = Images.read(look);
        Picture written = Images.read(out).toGrey();
        Mask reach = MaskSource.of(BOX).read(new Extent(128, 128), w -> {}).dilate(4);
        for (int i = 0; i < 128 * 128; i++) {
            int shown = restored.get(2 * (128 + gap) + i % 128, i / 128, 0);
            assertTrue(Math.abs((written.samples()[i] & 0xFF) - shown) <= (reach.pixels()[i] ? 2 : 0), "at " + i);
        }

        // 100 x 124 pixels in the middle of 128: black on both sides, of which the difference knows nothing.
        assertEquals(0, edit(TestData.resource("/cxr/dicom/negative_slope.dcm"), "-o", out, "--preview", look, "--fit",
                "pad").code());
        Picture padded = Images.read(look);
        for (int y = 0; y < 128; y++) {
            for (int x : new int[]{0, 11, 116, 127}) {
                for (int c = 0; c < 3; c++) {
                    assertEquals(0, padded.get(x, y, c));
                    assertEquals(0, padded.get(3 * (128 + gap) + x, y, c), "no difference beside the film");
                }
            }
        }
        assertRefused(2, edit(film, "-o", out, "--preview", temp.resolve("x.jpg")), ".png");
    }

    /** The square shows rows 12 to 111 of this film's 124. */
    @Test
    void whatTheSquareCutsOffIsSaid() throws IOException {
        Path film = TestData.resource("/cxr/dicom/negative_slope.dcm");
        Path out = temp.resolve("x.png");
        Outcome partly = edit(film, "-o", out, "--edit-mask", "box:10,2,30,20");
        assertEquals(0, partly.code(), partly.err());
        assertTrue(partly.err().contains("48 % of the edit mask lies outside the square"), partly.err());
        assertFalse(edit(film, "-o", out).err().contains("outside"));
        assertFalse(edit(film, "-o", out, "--edit-mask", "box:10,2,30,20", "--fit", "pad").err().contains("outside"));
        assertRefused(3, edit(film, "-o", out, "--edit-mask", "box:10,0,30,10"), "outside the square", "--fit pad");
    }
}
