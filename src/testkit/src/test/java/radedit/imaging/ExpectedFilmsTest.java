package radedit.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import java.util.function.IntToDoubleFunction;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.tensor.Tensor;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/**
 * Films with one trait each against what pydicom, GDCM and hi-ml's loader make of them: stored values, modality values and
 * hi-ml's levels on every pixel by their hashes, display levels (and everything of lossy files) on a sample.
 */
class ExpectedFilmsTest {
    /** What the real films are called among the expected arrays, by their names up to the first dot. */
    private static final Map<String, String> REAL_FILMS = Map.of("1", "film_rsna", "Fake_MONOHR1", "film_fake_mono");
    /** The expected arrays keep every other row and column of the sample that the index names. */
    private static final int EVERY = 2;

    private final Map<String, Tensor> expected = Fixtures
            .tensors(TestData.resource("/cxr/expected_every_other.safetensors"));

    @TestFactory
    List<DynamicTest> films() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(TestData.resource("/cxr/index.json").toFile())) {
            String name = row.get("file").asText();
            Path file = TestData.resource("/cxr/" + name.replace("films/", ""));
            tests.add(DynamicTest.dynamicTest(name + ": " + row.get("exercises").asText(), () -> check(row, file)));
        }
        assertEquals(43, tests.size());
        return tests;
    }

    private void check(JsonNode row, Path file) throws Exception {
        if (row.has("error")) {
            String says = row.get("error").asText().equals("truncated") ? "truncated" : "is not an image";
            ImageFormatException e = assertThrows(ImageFormatException.class, () -> Films.read(file));
            assertTrue(e.getMessage().startsWith(file + ": ") && e.getMessage().contains(says), e.getMessage());
            return;
        }
        Film film = Films.read(file);
        assertEquals(row.get("rows").asInt(), film.rows());
        assertEquals(row.get("columns").asInt(), film.columns());
        assertEquals(row.has("frames") ? row.get("frames").asInt() : 1, film.frames());
        String stem = file.getFileName().toString().replaceAll("\\..*", "");
        String key = REAL_FILMS.getOrDefault(stem,
                expected.containsKey("film_" + stem + ".himl") ? "film_" + stem : stem);
        Sample sample = new Sample(film, row.get("sample"));
        double stored = row.get("tolerance_stored").asDouble();
        if (stored == 0) {
            assertEquals(row.get("stored_sha256").asText(), hash(4, film.pixels().integers().length,
                    (b, i) -> b.putInt(film.pixels().integers()[i])));
            assertEquals(row.get("himl_sha256").asText(), hash(1, film.himl().length, himl(film)));
            if (row.has("modality_sha256")) {
                double[] modality = film.modality();
                assertEquals(row.get("modality_sha256").asText(),
                        hash(8, modality.length, (b, i) -> b.putDouble(modality[i])));
            }
        } else {
            sample.compare(key + ".stored", film.pixels().samples(), stored, film.pixels()::at);
            byte[] himl = film.himl();
            sample.compare(key + ".himl", 1, row.get("tolerance_himl").asDouble(), i -> himl[i] & 0xFF);
        }
        if (row.has("tolerance_display")) {
            double[] display = film.display();
            sample.compare(key + ".display", 1, row.get("tolerance_display").asDouble(), i -> display[i]);
            Picture p = film.picture(0);
            for (int i = 0; i < p.width() * p.height() && p.channels() == 1; i++) {
                assertEquals(Math.floor(display[i] * 255 + 0.5), p.samples()[i] & 0xFF);
            }
        }
    }

    private static Putter himl(Film film) {
        byte[] levels = film.himl();
        return (b, i) -> b.put(levels[i]);
    }

    private interface Putter {
        void put(ByteBuffer b, int index);
    }

    private static String hash(int size, int n, Putter putter) throws GeneralSecurityException {
        ByteBuffer b = ByteBuffer.allocate(n * size).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < n; i++) {
            putter.put(b, i);
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(b.array()));
    }

    /** The pixels whose values are kept. */
    private final class Sample {
        private final Film film;
        private final int row0;
        private final int rowStep;
        private final int col0;
        private final int colStep;

        Sample(Film film, JsonNode s) {
            this.film = film;
            row0 = s.get("row0").asInt();
            rowStep = s.get("row_step").asInt() * EVERY;
            col0 = s.get("col0").asInt();
            colStep = s.get("col_step").asInt() * EVERY;
        }

        void compare(String name, int samples, double tolerance, IntToDoubleFunction actual) {
            double[] wanted = expected.get(name).data();
            int k = 0;
            double worst = 0;
            for (int f = 0; f < film.frames(); f++) {
                for (int y = row0; y < film.rows(); y += rowStep) {
                    for (int x = col0; x < film.columns(); x += colStep) {
                        for (int s = 0; s < samples; s++) {
                            int i = ((f * film.rows() + y) * film.columns() + x) * samples + s;
                            worst = Math.max(worst, Math.abs(wanted[k++] - actual.applyAsDouble(i)));
                        }
                    }
                }
            }
            assertArrayEquals(new int[]{wanted.length}, new int[]{k}, name);
            System.out.printf("%-34s differs by %.3g at most, %.3g allowed%n", name, worst, tolerance);
            assertTrue(worst <= tolerance, name + " differs by " + worst);
        }
    }
}
