package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.safetensors.Safetensors;
import radedit.synthetic.SyntheticModel.Size;
import radedit.tensor.Shape;
import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** radedit film, and films of every format in radedit edit. */
class FilmCommandTest {
    @TempDir
    Path temp;

    private static Path film(String name) {
        return TestData.resource("/cxr/dicom/" + name);
    }

    @Test
    void readWritesTheFourTensorsAndThePicture() throws IOException {
        Path out = temp.resolve("x.safetensors");
        Outcome o = run("film", "read", film("multiframe_native.dcm"), "-o", out, "--loader", "himl");
        assertEquals(new Outcome(0, out + "\n", ""), o);
        try (Safetensors s = Safetensors.open(out)) {
            assertEquals("{stored=I32[2, 124, 100], modality=F64[2, 124, 100], display=F64[2, 124, 100],"
                    + " himl=U8[2, 124, 100], picture=U8[2, 124, 100]}", types(s));
            JsonNode about = new ObjectMapper().readTree(s.metadata().get("radedit"));
            assertEquals("himl", about.get("loader").asText());
            assertEquals("Explicit VR Little Endian", about.get("film").get("transfer_syntax").asText());
        }
        Map<String, Tensor> all = Fixtures.tensors(out);
        assertTrue(Arrays.equals(all.get("himl").data(), all.get("picture").data()));

        assertEquals(0, run("film", "read", film("multiframe_native.dcm"), "-o", out, "--frame", 2, "--quiet").code());
        assertEquals(Shape.of(124, 100), Fixtures.tensors(out).get("stored").shape());
        assertEquals(all.get("stored").data()[12400], Fixtures.tensors(out).get("stored").data()[0]);

        Outcome json = run("film", "read", film("rgb_planar1.dcm"), "-o", out, "--json");
        assertEquals(out.toString(), new ObjectMapper().readTree(json.out()).get("outputs").get(0).asText());
        try (Safetensors s = Safetensors.open(out)) {
            assertEquals("{stored=I32[124, 100, 3], modality=F64[124, 100, 3], display=F64[124, 100],"
                    + " himl=U8[124, 100], picture=U8[124, 100, 3]}", types(s));
        }
    }

    private static String types(Safetensors s) {
        StringBuilder b = new StringBuilder("{");
        s.tensors()
                .forEach((name, t) -> b.append(b.length() == 1 ? "" : ", ").append(name).append('=').append(t.dtype())
                        .append(t.shape()));
        return b.append('}').toString();
    }

    @Test
    void explainTellsEveryStep() throws IOException {
        Outcome o = run("film", "explain", film("padding_range_mono1.dcm"), "--at", "50,60");
        assertEquals(0, o.code(), o.err());
        assertEquals(
                """
                        %s: DICOM, Explicit VR Little Endian, MONOCHROME1, 100 x 124 pixels
                        pixel in column 50, row 60
                          stored    963                  12 of 16 bits stored, the highest is bit 11, unsigned (PS3.5 8.1.1)
                          padding                        stored 4080 to 4095 is not a picture: this pixel is none of it
                          modality  963                  the stored value as it is
                          voi       0.1495379445533464   linear from 429 to 4000, the picture's own range without padding, since \
                        the file names no window, clipped to 0..1
                          polarity  0.8504620554466535   MONOCHROME1: the lowest value is white, 1 - y
                          display   0.8504620554466535   0 is black, 1 is white
                          picture   217                  loader standard: display x 255, rounded
                        """
                        .formatted(film("padding_range_mono1.dcm")),
                o.out());
        assertTrue(run("film", "explain", film("padding_range_mono1.dcm"), "--at", "0,0").out()
                .contains("display   0                    padding is black"));
        assertTrue(run("film", "explain", film("multi_window_14bit.dcm"), "--window", 2).out()
                .contains("centre 12000, width 2000, LINEAR \"HARDER\""));
        assertTrue(run("film", "explain", film("palette.dcm")).out().contains("0.299 R + 0.587 G + 0.114 B"));
        assertTrue(
                run("film", "explain", film("aspect.dcm")).out().contains("1.3333333333333333 times as high as wide"));
        for (String loader : new String[]{"himl", "pydicom-voi", "torchxrayvision"}) {
            assertTrue(run("film", "explain", film("negative_slope.dcm"), "--loader", loader).out()
                    .contains("loader " + loader + ": "));
        }
        JsonNode json = new ObjectMapper()
                .readTree(run("film", "explain", film("negative_slope.dcm"), "--at", "7,9", "--json").out());
        assertEquals(7, json.get("pixel").get("x").asInt());
        JsonNode modality = json.get("steps").get(1);
        assertEquals("stored x slope -1 + intercept 4095", modality.get("how").asText());
        assertEquals(4095, modality.get("value").asDouble() + json.get("steps").get(0).get("value").asDouble());
    }

    @Test
    void whatCannotBeRead() {
        Path out = temp.resolve("x.safetensors");
        assertRefused(3, run("film", "read", film("err_truncated.dcm"), "-o", out), "err_truncated.dcm", "truncated");
        assertRefused(3, run("film", "read", film("err_sr.dcm"), "-o", out), "err_sr.dcm", "a Basic Text SR");
        assertRefused(3, run("film", "read", temp.resolve("none.dcm"), "-o", out), "none.dcm: no such file");
        assertRefused(2, run("film", "read", film("multiframe_native.dcm"), "-o", out, "--frame", 99),
                "multiframe_native.dcm: has 2 frames, none is number 99; --frame");
        assertRefused(2, run("film", "read", TestData.resource("/cxr/00000001_000.png"), "-o", out, "--frame", 2),
                "has one frame, none is number 2; --frame");
        assertRefused(2, run("film", "read", film("multi_window_14bit.dcm"), "-o", out, "--window", 9),
                "windows, none is number 9; --window");
        assertRefused(2, run("film", "explain", film("rgb_planar1.dcm"), "--window", 1), "colour", "--window");
        assertRefused(2, run("film", "explain", film("aspect.dcm"), "--window", "9,0.5"), "--window", "0.5");
        assertRefused(3, run("film", "explain", film("multiframe_native.dcm"), "--at", "1,1"), "--frame");
        assertRefused(2, run("film", "read", film("aspect.dcm"), "-o", out, "--frame", 0), "--frame counts from 1");
        assertRefused(2, run("film", "read", film("aspect.dcm"), "-o", out, "--loader", "other"), "pydicom-voi");
        assertRefused(2, run("film", "read", film("aspect.dcm"), "-o", out, "--window", "wide"), "centre,width");
        assertRefused(2, run("film", "explain", film("aspect.dcm"), "--at", "100,0"), "100 columns");
        assertRefused(2, run("film", "explain", film("aspect.dcm"), "--at", "1"), "not x,y");
        assertRefused(2, run("edit", "--image", film("mono1_window.dcm"), "--edit-mask", "all", "--prompt", "a", "-o",
                temp.resolve("x.png"), "--window", 1, "--loader", "himl"), "--window has no effect with --loader himl");
        assertFalse(Files.exists(out));
    }

    @Test
    void editReadsAnyFilmAndSaysHow() throws IOException {
        Path out = temp.resolve("e.png");
        Path mask = TestData.reference("tiny/edit_edit_mask.png");
        Object[] line = {"edit", "--model", Fixtures.model(Size.TINY), "--steps", 2, "--image",
                film("multiframe_native.dcm"), "--edit-mask", mask, "--prompt", "a", "-o", out, "--loader",
                "torchxrayvision", "--quiet"};
        assertRefused(3, run(line), "multiframe_native.dcm", "choose one with --frame (1 to 2)");
        Object[] frame = Arrays.copyOf(line, line.length + 2);
        frame[line.length] = "--frame";
        frame[line.length + 1] = 2;
        assertEquals(new Outcome(0, "", ""), run(frame));
        String raw = Files.readString(out, StandardCharsets.ISO_8859_1);
        assertTrue(raw.contains("\"loader\":\"torchxrayvision\"") && raw.contains("\"frame\":2"), "settings");
    }
}
