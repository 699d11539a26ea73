package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Tensors equal those of Pillow (torchvision's transforms) and scikit-image (torchxrayvision's); see make.py. */
class PreprocessingReferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    /** As film in make.py. */
    static GreyFilm film(int width, int height, long seed, int bits) {
        char[] levels = new char[width * height];
        long state = seed;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                state = (state * 1103515245 + 12345) % (1L << 31);
                int level = (int) ((x * 5 + y * 3) % 200 + (state >> 16) % 56) % 256;
                levels[y * width + x] = (char) (bits == 16 ? level * 257 : level);
            }
        }
        return new GreyFilm(width, height, bits, levels);
    }

    @TestFactory
    Stream<DynamicTest> equalsPython() throws IOException {
        JsonNode cases;
        try (InputStream in = getClass().getResourceAsStream("/preprocessing/cases.json")) {
            cases = JSON.readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(12, cases.size());
        return cases.valueStream().map(c -> DynamicTest.dynamicTest(c.get("name").asText(), () -> check(c)));
    }

    private void check(JsonNode c) throws IOException {
        ObjectNode file = JSON.createObjectNode();
        file.set("input", c.get("input"));
        Path path = temp.resolve("p.json");
        Files.writeString(path, file.toString());
        InputSpec spec = Preprocessing.inputOf(path.toString());
        FilmTensor tensor = new FilmTensor(spec);
        float[] out = new float[tensor.length()];
        tensor.put(film(c.get("width").asInt(), c.get("height").asInt(), c.get("seed").asLong(), c.get("bits").asInt()),
                out, 0);
        assertEquals(out.length, c.get("values").size());
        double worst = 0;
        for (int i = 0; i < out.length; i++) {
            worst = Math.max(worst, Math.abs(out[i] - c.get("values").get(i).floatValue()));
        }
        System.out.println(c.get("name").asText() + ": " + worst);
        // Roundings of float32: three of values up to (range of a normalised channel, or 1024).
        boolean wide = spec.low() < -1;
        assertTrue(worst <= 3 * Math.ulp(wide ? 1024f : 4f), c.get("name").asText() + ": " + worst);
    }
}
