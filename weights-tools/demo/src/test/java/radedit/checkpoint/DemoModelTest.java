package radedit.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.tools.Verify;

class DemoModelTest {
    /** What the weights may take inside the program. */
    private static final long MOST_BYTES = 16_000_000;

    @TempDir
    Path temp;

    private Path folder() {
        return DemoModel.folder(Map.of("RADEDIT_HOME", temp.resolve("home").toString()));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void itIsCompleteAndSmall() throws IOException {
        Path folder = folder();
        assertEquals("demo", folder.getFileName().toString());
        List<Verify.Report> reports = Verify.folder(folder);
        assertEquals(4, reports.size());
        reports.forEach(r -> assertEquals(List.of(), r.faults()));
        long bytes = 0;
        for (Path p : files(folder)) {
            bytes += Files.size(p);
        }
        System.out.println("demo model: " + bytes + " bytes");
        assertTrue(bytes < MOST_BYTES, bytes + " bytes");
        assertTrue(ModelFolder.of(folder).notice().orElseThrow().contains("not radiographs"));
    }

    @Test
    void itIsCopiedOutOnce() throws IOException {
        Path vocabulary = folder().resolve("tokenizer/vocab.txt");
        FileTime then = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(vocabulary, then);
        assertEquals(vocabulary, folder().resolve("tokenizer/vocab.txt"));
        assertEquals(then, Files.getLastModifiedTime(vocabulary));
    }

    @Test
    void whatSomebodyCutIsMended() throws IOException {
        Path folder = folder();
        Path unet = folder.resolve("unet/diffusion_pytorch_model.safetensors");
        byte[] content = Files.readAllBytes(unet);
        Files.write(unet, new byte[]{1, 2, 3});
        Files.delete(folder.resolve("vae/config.json"));
        assertEquals(folder, folder());
        assertEquals(content.length, Files.size(unet));
        assertTrue(Files.exists(folder.resolve("vae/config.json")));
        try (Stream<Path> beside = Files.list(folder.getParent())) {
            assertEquals(List.of(folder), beside.toList());
        }
    }

    @Test
    void withoutAFolderToWriteToItGoesAside() throws IOException {
        Path blocked = Files.writeString(temp.resolve("file"), "no folder");
        Path aside = DemoModel.folder(Map.of("RADEDIT_HOME", blocked.toString()));
        assertNotEquals(blocked, aside.getRoot());
        assertTrue(Files.exists(aside.resolve("model_index.json")));
    }

    @Test
    void itGoesByItsName() {
        Map<String, String> environment = Map.of("RADEDIT_HOME", temp.resolve("home").toString());
        assertEquals(folder(), NamedModels.resolve(Path.of("demo"), environment));
    }
}
