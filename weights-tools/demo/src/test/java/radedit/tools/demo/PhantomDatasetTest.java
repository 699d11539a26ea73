package radedit.tools.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.tools.phantom.Film;
import radedit.tools.phantom.Phantom;
import radedit.tools.phantom.PhantomRenderer;

class PhantomDatasetTest {
    private static final int COUNT = 6;

    @TempDir
    private Path folder;

    @Test
    void filesAreWhatIsRendered() throws IOException {
        new PhantomDataset(folder, COUNT, 11, 128).write(done -> {});
        List<String> lines = Files.readAllLines(folder.resolve("manifest.jsonl"));
        assertEquals(COUNT, lines.size());
        for (int i = 0; i < COUNT; i++) {
            Phantom p = Phantom.inSeries(11, i);
            Film film = PhantomRenderer.render(p, 128);
            JsonNode m = new ObjectMapper().readTree(lines.get(i));
            assertArrayEquals(film.picture().samples(),
                    Images.read(folder.resolve(m.get("film").asText())).samples());
            assertEquals(film.masks().size(), m.get("masks").size());
            for (JsonNode name : m.get("masks")) {
                Path file = folder.resolve("masks").resolve(String.format("%06d-%s.png", i, name.asText()));
                assertEquals(film.masks().get(name.asText()), Mask.of(Images.read(file)));
            }
            assertEquals(p.findings().size() + p.devices().size(), m.get("truth").size());
            assertTrue(m.get("captions").size() > 1);
        }
    }

    @Test
    void packedFilmsAreTheSame() throws IOException {
        new PhantomDataset(folder, COUNT, 12, 128).writePacked(done -> {});
        byte[] all = Files.readAllBytes(folder.resolve("films.safetensors"));
        byte[] last = PhantomRenderer.render(Phantom.inSeries(12, COUNT - 1), 128).picture().samples();
        assertArrayEquals(last, java.util.Arrays.copyOfRange(all, all.length - last.length, all.length));
        assertEquals(COUNT, Files.readAllLines(folder.resolve("manifest.jsonl")).size());
    }
}
