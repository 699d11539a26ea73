package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** audit diff and audit replay with whole and damaged traces: what they say, and their exit codes. */
class AuditDiffTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

    /** Names and facts of a stranger's trace do not reach the terminal as they are. */
    @Test
    void controlCharactersAreEscaped() throws IOException {
        String[] traces = new String[2];
        for (int k = 0; k < 2; k++) {
            String esc = "\\u001b[2J";
            traces[k] = Files.writeString(temp.resolve(k + ".jsonl"), """
                    {"radedit_trace":1,"level":"hash"}
                    {"head":{"a%1$s":"%1$s%2$d"}}
                    {"call":"unet","index":0,"steps":[0],"timesteps":[1]}
                    {"node":1,"network":"unet","name":"n%1$s","op":"Conv","covers":["c%1$s"],"shape":[1]}
                    {"n":1,"h":"%2$d"}
                    {"end":5}
                    """.formatted(esc, k)).toString();
        }
        Outcome o = run("audit", "diff", traces[0], traces[1], "--tolerance", 0);
        assertEquals(6, o.code(), o.err());
        assertTrue(o.out().contains("first divergence: unet n\\u001B[2J at step 0"), o.out());
        assertTrue(o.out().contains("computed with c\\u001B[2J"), o.out());
        assertTrue(o.out().contains("differs: a\\u001B[2J: \\u001B[2J0 | \\u001B[2J1"), o.out());
        assertFalse((o.out() + o.err()).contains("\u001b"), o.out());
    }

    @Test
    void damageIsReportedAndTheRestCompared() throws IOException {
        Path whole = temp.resolve("whole.safetensors");
        Path hashes = temp.resolve("hashes.jsonl.gz");
        for (Path trace : new Path[]{whole, hashes}) {
            assertEquals(0, run("generate", "a", "--model", MODEL, "--steps", 1, "-o", temp.resolve("x.png"),
                    "--trace", trace).code());
        }
        assertEquals(0, run("audit", "diff", hashes, whole).code(), "hashes of different levels are the same");
        byte[] all = Files.readAllBytes(whole);
        Path cut = Files.write(temp.resolve("cut.safetensors"), Arrays.copyOf(all, all.length - 500_000)); // the picture, and some of what it was made from
        Outcome o = run("audit", "diff", cut, whole, "--json");
        assertEquals(6, o.code(), o.err());
        assertTrue(o.err().contains(" tensors are missing, the first is '"), o.err());
        JsonNode report = new ObjectMapper().readTree(o.out());
        assertFalse(report.get("holds").asBoolean());
        assertTrue(report.get("first_divergence").isNull());
        assertEquals(1, report.get("damage").get(cut.toString()).size());
        assertEquals(0, run("audit", "replay", "decoder.conv_in", "--trace", cut, "--model", MODEL).code());
        Outcome lost = run("audit", "replay", "decoder.conv_out", "--trace", cut, "--model", MODEL);
        assertEquals(3, lost.code());
        assertTrue(lost.err().contains("are lost, as the trace is damaged"), lost.err());
        for (String name : new String[]{"e.jsonl.gz", "e.jsonl", "e.safetensors"}) {
            Path empty = Files.createFile(temp.resolve(name));
            assertRefused(3, run("audit", "diff", empty, whole), "is empty, so it is no trace");
            assertRefused(3, run("audit", "replay", "conv_in", "--trace", empty, "--model", MODEL), "is empty");
        }
        assertRefused(3, run("audit", "diff", temp, whole), "is a folder, not a trace");
        assertRefused(3, run("audit", "diff", whole, temp.resolve("none")), "no such file");
    }

    /** What a step adds to the trace of an edit, times 200, is less than 2 MB of hashes and 20 MB of statistics. */
    @Test
    void tracesAreSmall() throws IOException {
        BufferedImage mask = new BufferedImage(128, 128, BufferedImage.TYPE_BYTE_GRAY);
        mask.getRaster().setSample(40, 40, 0, 255);
        Path file = temp.resolve("mask.png");
        ImageIO.write(mask, "png", file.toFile());
        Path film = TestData.reference("tiny/edit_image.png");
        for (String level : new String[]{"hash", "stats"}) {
            long[] bytes = new long[2];
            for (int k = 0; k < 2; k++) {
                Path trace = temp.resolve(level + k + ".jsonl.gz");
                assertEquals(0, run("edit", "--image", film, "--edit-mask", file, "--prompt", "a", "--model", MODEL,
                        "--steps", 10 + 10 * k, "-o", temp.resolve(level + k + ".png"), "--trace", trace,
                        "--trace-level", level).code());
                bytes[k] = Files.size(trace);
            }
            long perStep = (bytes[1] - bytes[0]) / 10;
            long whole = bytes[1] + 180 * perStep;
            assertTrue(perStep > 1000 && whole < (level.equals("hash") ? 2_000_000 : 20_000_000),
                    level + ": " + perStep + " bytes a step, " + whole + " for 200");
        }
    }
}
