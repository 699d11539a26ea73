package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** audit diff and audit replay with whole and damaged traces: what they say, and their exit codes. */
class AuditDiffTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;

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
        Path cut = Files.write(temp.resolve("cut.safetensors"), Arrays.copyOf(all, all.length - 1000));
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
}
