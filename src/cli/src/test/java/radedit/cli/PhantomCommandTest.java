package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** radedit weights phantom. */
class PhantomCommandTest {
    @TempDir
    private Path temp;

    private final StringWriter err = new StringWriter();

    private int run(Object... args) {
        String[] words = new String[args.length + 2];
        words[0] = "weights";
        words[1] = "phantom";
        for (int i = 0; i < args.length; i++) {
            words[i + 2] = args[i].toString();
        }
        return Main.run(words, new PrintWriter(new StringWriter()), new PrintWriter(err, true));
    }

    @Test
    void writesFilmsMasksAndManifest() throws IOException {
        Path folder = temp.resolve("phantoms");
        assertEquals(Exit.OK, run(folder, "--count", 2, "--seed", 7), err.toString());
        assertTrue(Files.exists(folder.resolve("films/000001.png")));
        assertTrue(Files.exists(folder.resolve("masks/000001-lung-left.png")));
        assertEquals(2, Files.readAllLines(folder.resolve("manifest.jsonl")).size());
        assertEquals(2, run(folder), "a folder with something in it is refused");
        assertTrue(err.toString().contains("exists already"), err.toString());
    }

    @Test
    void refusesSizesAndCountsOutOfRange() {
        assertEquals(2, run(temp.resolve("a"), "--size", 64));
        assertEquals(2, run(temp.resolve("a"), "--count", 0));
        assertTrue(err.toString().contains("--size must be"), err.toString());
        assertTrue(Files.notExists(temp.resolve("a")));
    }
}
