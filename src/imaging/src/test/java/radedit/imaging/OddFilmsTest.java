package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.testdata.TestData;

/** Films and masks that are not as they should be, against what the field's tools make of them. */
class OddFilmsTest {
    private static final Map<String, String> WARNINGS = Map.of("no_vr_private",
            "element (0009,1010) has no known value",
            "slope_comma", "Rescale Slope (0028,1053) is '1,0' with a decimal comma; 1 is used", "win_comma",
            "Window Center (0028,1050) is '2047,5' with a decimal comma; 2047.5 is used", "highbit11_bs16",
            "High Bit (0028,0102) is 11", "mono2_inverse", "Presentation LUT Shape (2050,0020) is INVERSE");

    private static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(TestData.resource("/odd/" + name).toFile());
    }

    private static Film film(String name) throws IOException {
        return Films.read(TestData.resource("/odd/" + name + ".dcm"));
    }

    private static String hash(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Overshoot beyond Bits Stored, of every lossy syntax, is clipped; junk in lossless cells is masked off. */
    @TestFactory
    List<DynamicTest> storedValues() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : new String[]{"lossy.json", "expected.json"}) {
            json(file).properties().stream().filter(e -> e.getValue().has("range")).forEach(
                    e -> tests.add(DynamicTest.dynamicTest(e.getKey(), () -> check(e.getKey(), e.getValue()))));
        }
        assertEquals(20, tests.size());
        return tests;
    }

    private static void check(String name, JsonNode expected) throws Exception {
        Film film = film(name);
        int[] stored = film.pixels().integers();
        double[] range = film.pixels().range(0, stored.length, v -> v, v -> true);
        assertEquals(expected.get("range").toString(), "[" + (int) range[0] + "," + (int) range[1] + "]");
        ByteBuffer b = ByteBuffer.allocate(4 * stored.length).order(ByteOrder.LITTLE_ENDIAN);
        b.asIntBuffer().put(stored);
        assertEquals(expected.get("sha256").asText(), hash(b.array()));
        assertWarned(name, film);
    }

    private static void assertWarned(String name, Film film) {
        String warning = WARNINGS.get(name);
        assertEquals(warning != null, !film.warnings().isEmpty(), film.warnings().toString());
        assertTrue(warning == null || film.warnings().getFirst().toString().startsWith(warning),
                film.warnings().toString());
    }

    @Test
    void aCommaInAWindowAndASlopeIsUnderstood() throws IOException {
        assertEquals("window centre 2047.5, width 4095, LINEAR (PS3.3 C.11.2.1.2.1)",
                film("win_comma").transform(0).voi().describe());
        assertEquals(film("slope_comma").pixels().at(7), film("slope_comma").modality()[7]);
    }

    @Test
    void presentationLutShapeDecides() throws IOException {
        Film film = film("mono2_inverse");
        assertWarned("mono2_inverse", film);
        JsonNode expected = json("expected.json").get("mono2_inverse");
        String[] levels = expected.get("levels").asText().split(" ");
        int every = expected.get("every").asInt();
        Picture p = film.picture();
        assertEquals(p.samples().length, (levels.length - 1) * every + 1 + (p.samples().length - 1) % every);
        for (int k = 0; k < levels.length; k++) {
            assertEquals(Integer.parseInt(levels[k]), p.samples()[k * every] & 0xFF, 1, "dcm2pnm rounds otherwise");
        }
        // Tools that ignore it do not invert.
        Film other = Films.read(film.file(),
                new FilmOptions(Loader.TORCHXRAYVISION, FilmReader.ALL_FRAMES, WindowChoice.FROM_FILE));
        assertEquals(255 - (p.samples()[0] & 0xFF), other.picture().samples()[0] & 0xFF, 1);
        String polarity = Explanation.of(film, 0, new Explanation.Pixel(0, 0)).steps().stream()
                .filter(s -> s.name().equals("polarity")).findFirst().orElseThrow().how();
        assertEquals("Presentation LUT Shape INVERSE: the lowest value is white, 1 - y", polarity);
    }

    @Test
    void masks() throws Exception {
        JsonNode expected = json("expected.json");
        for (String name : new String[]{"int64", "nifti2"}) {
            check(expected.get(name), MaskSource.of(TestData.resource("/odd/" + name + ".nii.gz").toString()).read(null,
                    note -> {
                        throw new AssertionError(note);
                    }));
        }
        Path table = TestData.resource("/odd/empty_hw.csv");
        List<String> notes = new ArrayList<>();
        check(expected.get("mask"), MaskSource.of("rle:" + table + "#id=film_01.png,column=Left Lung")
                .read(new Extent(1024, 1024), notes::add));
        assertTrue(notes.getFirst().contains("does not say how large its film is; 1024 x 1024"), notes.toString());
    }

    private static void check(JsonNode expected, Mask m) throws GeneralSecurityException {
        assertEquals(expected.get("shape").toString(), "[" + m.height() + "," + m.width() + "]");
        byte[] bytes = new byte[m.pixels().length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (m.pixels()[i] ? 1 : 0);
        }
        assertEquals(expected.get("set").asInt(), m.count());
        assertEquals(expected.get("sha256").asText(), hash(bytes));
    }
}
