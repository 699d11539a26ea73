package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Settings are read back unchanged from every format; damaged files are handled. */
class ShowCommandTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final String PROMPT = "Épanchement \"large\", 左 " + "x".repeat(300);

    @TempDir
    Path temp;

    private JsonNode generate(Path file) throws IOException {
        Outcome o = run("generate", PROMPT, "--model", MODEL, "--steps", 1, "-o", file, "--json");
        assertEquals(0, o.code(), o.err());
        return new ObjectMapper().readTree(o.out()).get("images").get(0);
    }

    @Test
    void everyFormatHoldsItsSettings() throws IOException {
        for (String name : List.of("x.png", "x.dcm", "x.nii", "x.nii.gz", "x.safetensors")) {
            Path file = temp.resolve(name);
            JsonNode written = generate(file);
            Outcome o = run("show", file, "--json");
            assertEquals(0, o.code(), name + ": " + o.err());
            JsonNode shown = new ObjectMapper().readTree(o.out());
            assertEquals(written, shown.isArray() ? shown.get(0) : shown, name);
            Outcome text = run("show", file);
            assertTrue(text.out().contains("prompt: " + PROMPT + "\n"), text.out());
            assertTrue(text.out().contains("command line: radedit generate 'Épanchement \"large\", 左 xxx"), text.out());
        }
    }

    @Test
    void severalPicturesInOneFile() {
        Path file = temp.resolve("x.safetensors");
        assertEquals(0, run("generate", "a", "b", "--model", MODEL, "--steps", 1, "-o", file).code());
        String text = run("show", file).out();
        assertTrue(text.contains("picture 2:\n") && text.contains("  prompt: b\n"), text);
        assertTrue(text.contains("\n    class name: DDIMScheduler\n    num train timesteps: "), text);
    }

    @Test
    void otherFilesHoldNone() throws IOException {
        assertRefused(3, run("show", TestData.reference("tiny/edit_image.png")), "holds no settings");
        assertRefused(3, run("show", TestData.resource("/cxr/Fake_MONOHR1.dcm")), "holds no settings");
        assertRefused(3, run("show", Files.writeString(temp.resolve("a.txt"), "text")), "holds no settings");
        assertRefused(3, run("show", Files.createFile(temp.resolve("empty"))), "holds no settings");
        assertRefused(3, run("show", temp), "not a regular file");
        assertRefused(3, run("show", temp.resolve("none.png")), "no such file");
        assertRefused(2, run("show"), "F");
    }

    /** Cut and changed files give the settings or a message, whatever is wrong with them. */
    @Test
    void damagedFiles() throws IOException {
        Random random = new Random(1);
        int read = 0;
        for (String name : List.of("x.png", "x.dcm", "x.nii", "x.nii.gz", "x.safetensors")) {
            generate(temp.resolve(name));
            byte[] good = Files.readAllBytes(temp.resolve(name));
            Path bad = temp.resolve("bad-" + name);
            for (int k = 0; k < 60; k++) {
                byte[] bytes = Arrays.copyOf(good, k % 2 == 0 ? good.length : random.nextInt(good.length));
                for (int i = random.nextInt(20); i > 0 && bytes.length > 0; i--) {
                    bytes[random.nextInt(Math.min(bytes.length, 4000))] = (byte) random.nextInt();
                }
                Files.write(bad, bytes);
                Outcome o = run("show", bad, "--json");
                read += o.code() == 0 ? 1 : 0;
                assertTrue(o.code() == 0 || o.code() == 3 && o.err().startsWith("radedit: " + bad)
                        && o.err().lines().count() <= 2, name + ": " + o.err());
            }
        }
        System.out.println(read + " of 300 damaged files still told their settings");
        assertTrue(Files.readString(temp.resolve("x.png"), StandardCharsets.ISO_8859_1).contains("radedit"));
    }
}
