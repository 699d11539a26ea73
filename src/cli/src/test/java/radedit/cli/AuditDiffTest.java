package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.digest.Digests;
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

    /** Two approximate runs are equal, and it is said that they are approximate; an exact one is not. */
    @Test
    void approximateRunsAreNamed() throws IOException {
        Path exact = temp.resolve("exact.jsonl.gz");
        assertEquals(0, run("generate", "a", "--model", MODEL, "--steps", 4, "-o", temp.resolve("x.png"), "--trace",
                exact).code());
        assertFalse(run("audit", "diff", exact, exact).out().contains("approximate"));
        for (String[] how : new String[][]{{"--deep-cache", "2", "deep_cache 2"},
                {"--guidance-interval", "0.2,0.8", "guidance_interval [0.2,0.8]"},
                {"--unguided-after", "0.5", "unguided_after 0.5"},
                {"--emulate-precision", "tf32", "emulate_precision tf32"}}) {
            Path trace = temp.resolve("approximate.safetensors");
            assertEquals(0, run("generate", "a", "--model", MODEL, "--steps", 4, "-o", temp.resolve("x.png"), "--trace",
                    trace, how[0], how[1]).code());
            Path page = temp.resolve("page.html");
            Outcome o = run("audit", "diff", trace, trace, "--html", page);
            assertEquals(0, o.code(), o.err());
            assertTrue(o.out().contains("no divergence\napproximate: " + trace + ": " + how[2] + "\n"), o.out());
            assertTrue(Files.readString(page).contains("approximate run: " + how[2]));
            JsonNode report = new ObjectMapper().readTree(run("audit", "diff", exact, trace, "--json").out());
            assertEquals("[[],[\"" + how[2] + "\"]]", report.get("approximate").toString());
            if (how[0].equals("--unguided-after")) {
                Outcome reused = run("audit", "replay", "mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0",
                        "--network", "unet", "--call", 3, "--trace", trace, "--model", MODEL);
                assertRefused(3, reused, "it was computed once, in call 1 of it");
                assertEquals(0, run("audit", "replay", "mid_block.attentions.0.transformer_blocks.0.attn2.to_out.0",
                        "--network", "unet", "--call", 1, "--trace", trace, "--model", MODEL).code());
            }
        }
    }

    /** The head of a score's trace has the weights that made it. */
    @Test
    void scoresNameTheirWeights() throws IOException {
        Path film = Files.createTempFile(temp, "f", ".png");
        BufferedImage grey = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(9, 9, 0, 200); // a film of one grey level is none
        ImageIO.write(grey, "png", film.toFile());
        Path trace = temp.resolve("s.jsonl.gz");
        assertEquals(0, run("score", film, "--text", "a", "--model", "demo", "--trace", trace).code());
        try (InputStream in = new GZIPInputStream(Files.newInputStream(trace))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String hash = "\\[\"[0-9a-f]{64}\"]";
            assertTrue(
                    Pattern.compile("\"head\":\\{\"weights_sha256\":\\{\"text_encoder\":" + hash + ",\"image_encoder\":"
                            + hash + "}").matcher(text).find(),
                    text);
        }
    }

    @Test
    void singleNetworksNameTheirInputsAndWeights() throws IOException {
        Path inputs = TestData.reference("tiny/text_encoder.safetensors");
        Path trace = temp.resolve("n.jsonl.gz");
        Outcome o = run("audit", "run", "text-encoder", "--model", Fixtures.model(Size.TINY), "--inputs", inputs,
                "--outputs", temp.resolve("o.safetensors"), "--trace", trace);
        assertEquals(0, o.code(), o.err());
        try (InputStream in = new GZIPInputStream(Files.newInputStream(trace))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(Pattern.compile("\"head\":\\{\"part\":\"text-encoder\",\"inputs_sha256\":\""
                    + Digests.hex("SHA-256", inputs)
                    + "\",\"weights_sha256\":\\{\"text_encoder\":\\[\"[0-9a-f]{64}\"]}")
                    .matcher(text).find(), text);
        }
    }

    /** A node of another model is not compared as if it were the same, and other weights explain a difference. */
    @Test
    void replayNamesAnotherModel() {
        Path inputs = TestData.reference("tiny/unet_1x16x24.safetensors");
        Path trace = temp.resolve("u.safetensors");
        assertEquals(0, run("audit", "run", "unet", "--model", MODEL, "--inputs", inputs, "--outputs",
                temp.resolve("o.safetensors"), "--trace", trace).code());
        assertRefused(3, run("audit", "replay", "conv_in", "--trace", trace, "--model", "demo"),
                trace + ": 'conv_in' has the shape [1, 32, 16, 24] in the trace", "is not the one that was run");
        Path other = temp.resolve("other");
        assertEquals(0, run("weights", "synthesize", other, "--size", "tiny", "--seed", 5).code());
        Outcome o = run("audit", "replay", "conv_in", "--trace", trace, "--model", other);
        assertEquals(6, o.code(), o.err());
        assertTrue(o.err().contains("made with other weights than those of " + other), o.err());
        Path film = temp.resolve("film.safetensors");
        assertEquals(0, run("generate", "a", "--model", MODEL, "--steps", 1, "-o", temp.resolve("x.png"), "--trace",
                film).code());
        assertTrue(run("audit", "replay", "decoder.conv_in", "--trace", film, "--model", other).err()
                .contains("made with other weights"));
        Outcome rounded = run("audit", "replay", "decoder.conv_in", "--trace", film, "--model", MODEL,
                "--emulate-precision", "bf16");
        assertEquals(6, rounded.code());
        assertFalse(rounded.err().contains("other weights"), rounded.err());
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
