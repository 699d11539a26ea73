package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

class ShortcutClassifiersTest {
    private static final int MOST_BYTES = 150_000;

    @TempDir
    private Path folder;

    @Test
    void theyAreSmallAndSayWhatTheyAre() throws IOException {
        ShortcutClassifiers.write(folder.resolve("models"));
        byte[] weak = Files.readAllBytes(folder.resolve("models").resolve(ShortcutClassifiers.WEAK));
        byte[] strong = Files.readAllBytes(folder.resolve("models").resolve(ShortcutClassifiers.STRONG));
        assertFalse(Arrays.equals(weak, strong));
        for (byte[] model : List.of(weak, strong)) {
            assertTrue(model.length < MOST_BYTES, model.length + " bytes");
            String text = new String(model, StandardCharsets.ISO_8859_1);
            for (String name : List.of("image", "logits", "classes", "[\"pneumothorax\"]", "not radiographs")) {
                assertTrue(text.contains(name), name);
            }
        }
    }

    @Test
    void theDescriptionNamesTheTensorsOfTheModels() throws IOException {
        ShortcutClassifiers.write(folder);
        JsonNode json = new ObjectMapper()
                .readTree(folder.resolve(ShortcutClassifiers.PREPROCESSING).toFile());
        assertEquals("image", json.path("input").path("name").asText());
        assertEquals(128, json.path("input").path("size").asInt());
        assertEquals("[0,1]", json.path("input").path("range").toString());
        assertEquals("logits", json.path("output").path("name").asText());
        assertEquals("[\"pneumothorax\"]", json.path("output").path("classes").toString());
    }
}
