package radedit.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.weights.WeightsException;

/** Resolves names of models to folders. */
class NamedModelsTest {
    @TempDir
    Path home;

    private Path resolve(String given) {
        return NamedModels.resolve(Path.of(given), Map.of("RADEDIT_HOME", home.toString()));
    }

    @Test
    void aNameOnceItWasFetched() throws IOException {
        WeightsException e = assertThrows(WeightsException.class, () -> resolve("radedit"));
        assertEquals("radedit: neither a folder here nor fetched yet (it would be at "
                + home.resolve("models/radedit") + ")\n'radedit weights fetch radedit' downloads it", e.getMessage());
        Path folder = Files.createDirectories(home.resolve("models/radedit"));
        assertEquals(folder, resolve("radedit"));
    }

    @Test
    void everythingElseIsAFolder() throws IOException {
        Files.createDirectories(home.resolve("models/mine"));
        assertEquals(home.resolve("models/mine"), resolve("mine"));
        for (String folder : new String[]{"src", "dog", "./radedit", "../radedit", "/radedit", "a/radedit", "", ".",
                ".."}) {
            assertEquals(Path.of(folder), resolve(folder));
        }
    }

    @Test
    void whereModelsLie() {
        assertEquals(Path.of("/x/radedit/models/radedit"),
                NamedModels.folder("radedit", Map.of("XDG_CACHE_HOME", "/x", "HOME", "/h")));
        assertEquals(Path.of("/h/.cache/radedit/models/radedit"), NamedModels.folder("radedit", Map.of("HOME", "/h")));
    }
}
