package radedit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** What models elsewhere say about a run, and what is refused or said about it. */
class StressEvaluateTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final List<String> CASES = List.of("x", "y", "z", "x.reverse", "y.reverse", "z.reverse");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;
    private static Path finished;
    private static String original;

    @TempDir
    Path temp;

    @BeforeAll
    static void edits() throws IOException {
        Files.copy(TestData.reference("tiny/edit_image.png"), shared.resolve("a.png"));
        Files.writeString(shared.resolve("m.csv"), """
                case_id,PatientID,image,edit_mask,prompt,original_text,role,target,truth_mask
                x,p,a.png,"box:32,32,64,64",A,B,add,edema,"box:32,32,64,64"
                y,p,a.png,all,B,A,add,edema,
                z,p,a.png,all,B,A,foreground,,"box:32,32,64,64"
                """);
        finished = shared.resolve("run");
        Outcome o = run("stress", "run", shared.resolve("m.csv"), "--steps", 2, "-o", finished, "--controls",
                "reverse"); // with the demo model, which scores
        assertEquals(0, o.code(), o.err());
        try (Stream<Path> films = Files.list(finished.resolve("originals"))) {
            original = films.map(p -> p.getFileName().toString().replace(".png", "")).sorted().toList().toString();
        }
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private static List<String> originals() {
        return Stream.of(original.substring(1, original.length() - 1).split(", ")).map(n -> "original-" + n).toList();
    }

    /** The name of the film that x and y were made of. */
    private static String film() throws IOException {
        return journal().get("x").path("original").asText().replace("originals/", "original-").replace(".png", "");
    }

    private static Map<String, JsonNode> journal() throws IOException {
        Map<String, JsonNode> all = new TreeMap<>();
        for (String line : Files.readAllLines(finished.resolve("journal.jsonl"))) {
            JsonNode n = JSON.readTree(line);
            all.put(n.path("case_id").asText(), n);
        }
        return all;
    }

    private Path scores(String more) throws IOException {
        StringBuilder b = new StringBuilder(
                "case_id,edema\nx,0.9\ny,0.2\nz,0.5\nx.reverse,0.1\ny.reverse,0.1\nz.reverse,0.1\n");
        for (String o : originals()) {
            b.append(o).append(",0.1\n");
        }
        return write("s.csv", b + more);
    }

    private Outcome evaluate(Object... more) {
        Object[] first = {"stress", "evaluate", finished, "--resamples", 100, "-o", temp.resolve("e")};
        return run(Stream.concat(Stream.of(first), Stream.of(more)).toArray());
    }

    @Test
    void warningsStayInTheResults() throws IOException {
        Outcome o = evaluate("--scores", scores(""));
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("column PatientID is not taken for the patient"), o.err());
        String warning = JSON.readTree(temp.resolve("e/results.json").toFile()).path("warnings").path(0).asText();
        assertTrue(warning.contains("call it patient_id"), warning);
        assertTrue(Files.readString(temp.resolve("e/report.html")).contains(warning));
    }

    @Test
    void scoresThatMayBeLogits() throws IOException {
        Path scores = scores("");
        Files.writeString(scores, Files.readString(scores).replace("x,0.9", "x,3.5"));
        Outcome o = evaluate("--scores", scores);
        assertEquals(Exit.INPUT, o.code(), o.err());
        assertTrue(o.err().contains("row 1, column 'edema': 3.5") && o.err().contains("give --logits"), o.err());
        assertEquals(0, evaluate("--scores", scores, "--logits").code());
        Files.writeString(scores, "case_id,edema\nx,?\n");
        assertFalse(evaluate("--scores", scores).err().contains("--logits"));
    }

    @Test
    void thresholdsAreFixedOnOtherFilms() throws IOException {
        Path scores = scores("v1,0.1\nv2,0.9\n");
        Path good = write("v.csv", "case_id,edema,patient_id\nv1,0,q\nv2,1,r\n");
        Outcome o = evaluate("--scores", scores, "--threshold", "youden", "--validation", good);
        assertEquals(0, o.code(), o.err());
        String own = write("w.csv", "case_id,edema\nv1,0\nx,1\n" + film() + ",0\n").toString();
        Outcome refused = evaluate("--scores", scores, "--threshold", "youden", "--validation", own);
        assertEquals(Exit.INPUT, refused.code(), refused.err());
        assertTrue(refused.err().contains("row 2, column case_id: x is a film of the run; thresholds have to be")
                && refused.err().contains("row 3, column case_id: original-"), refused.err());
        Files.copy(shared.resolve("a.png"), temp.resolve("copy.png"));
        Files.copy(finished.resolve("images/x.png"), temp.resolve("edited.png"));
        Path images = write("i.csv", "image,case_id,edema\ncopy.png,v1,0\nedited.png,v2,1\n");
        refused = evaluate("--scores", scores, "--threshold", "youden", "--validation", images);
        assertTrue(refused.code() == Exit.INPUT && refused.err().contains("row 1, column image: copy.png is a film")
                && refused.err().contains("row 2, column image: edited.png"), refused.err());
    }

    @Test
    void aModelWhoseOutputsCannotBeRightFailsACheck() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", e -> {
            int films = JSON.readTree(e.getRequestBody()).path("images").size();
            byte[] answer = JSON.writeValueAsBytes(
                    Map.of("scores", Collections.nCopies(films, Map.of("edema", 0.3))));
            e.sendResponseHeaders(200, answer.length);
            e.getResponseBody().write(answer);
            e.close();
        });
        server.start();
        try {
            String address = "http://localhost:" + server.getAddress().getPort() + "/predict";
            Outcome o = evaluate("--model-under-test", address);
            assertEquals(Exit.CHECK, o.code(), o.err());
            assertTrue(o.err().contains("--ignore-probes"), o.err());
            assertEquals(0, evaluate("--model-under-test", address, "--ignore-probes").code());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void knownMasksAreTheReference() throws IOException {
        Map<String, JsonNode> journal = journal();
        JsonNode truth = journal.get("x").path("truth_masks").path(0);
        assertEquals("truth_mask", truth.path("column").asText());
        assertEquals("masks/x.truth-1.png", truth.path("file").asText());
        assertArrayEquals(Images.read(finished.resolve("masks/x.edit.png")).samples(),
                Images.read(finished.resolve("masks/x.truth-1.png")).samples(), "the same mask, fitted alike");
        assertArrayEquals(Files.readAllBytes(finished.resolve("masks/x.truth-1.png")),
                Files.readAllBytes(finished.resolve("masks/x.reverse.truth-1.png")));
        assertTrue(journal.get("x.reverse").path("inputs").toString().contains("masks/x.truth-1.png"));
        assertFalse(journal.get("y").has("truth_masks"));

        Mask box = Mask.of(Images.read(finished.resolve("masks/x.truth-1.png")));
        Mask half = box.erode(2);
        Path masks = Files.createDirectories(temp.resolve("masks"));
        for (String name : Stream.concat(originals().stream(),
                CASES.stream()).toList()) {
            try (var out = Files.newOutputStream(masks.resolve(name + ".png"))) {
                Images.writePng(out, (name.equals("x") ? half : box).toPicture(), Map.of());
            }
        }
        Outcome o = evaluate("--masks", masks);
        assertEquals(0, o.code(), o.err());
        JsonNode results = JSON.readTree(temp.resolve("e/results.json").toFile());
        assertEquals("masks of the manifest for 4 cases, else the segmenter's own masks of the films before the edits",
                results.path("models").path(0).path("references").path("mask").asText());
        Map<String, JsonNode> cases = new TreeMap<>();
        results.path("cases").forEach(
                c -> cases.put(c.path("case_id").asText(), c.path("models").path("masks").path("mask")));
        double dice = 2.0 * half.count() / (half.count() + box.count());
        assertEquals(1, cases.get("x").path("dice_before").asDouble());
        assertEquals(dice, cases.get("x").path("dice_after").asDouble(), 1e-12);
        assertEquals(dice - 1, cases.get("x").path("dice_change").asDouble(), 1e-12);
        assertFalse(cases.get("x").has("dice"));
        assertEquals(1, cases.get("x.reverse").path("dice_after").asDouble());
        assertEquals(1, cases.get("y").path("dice").asDouble());
        assertTrue(cases.get("z").has("dice_before") && !cases.get("z").has("dice_after"), "its structure was changed");
        assertTrue(cases.get("z.reverse").has("dice_after") && !cases.get("z.reverse").has("dice_before"));
        assertTrue(
                Files.readString(temp.resolve("e/report.html")).contains("Masks compared with those of the manifest"));
        assertTrue(o.err().contains("dice after"), o.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pad", "resize-crop", "stretch"})
    void knownMasksAreFittedAsEditMasks(String fit) throws IOException {
        try (var out = Files.newOutputStream(temp.resolve("film.png"))) {
            byte[] samples = new byte[40 * 131];
            new Random(1).nextBytes(samples);
            Images.writePng(out, new Picture(40, 131, 1, samples), Map.of());
        }
        Path m = write("m.csv", "case_id,image,edit_mask,prompt,truth_mask,truth_mask.2,truth_mask.Left Lung,fit\n"
                + "a,film.png,\"polygon:5,3 38,20 9,58\",X,\"polygon:5,3 38,20 9,58\",\"box:1,1,3,3\","
                + "\"polygon:5,3 38,20 9,58\"," + fit + "\n");
        Outcome o = run("stress", "run", m, "--model", MODEL, "--steps", 2, "-o", temp.resolve("run"));
        assertEquals(0, o.code(), o.err());
        Path masks = temp.resolve("run").resolve("masks");
        Mask edit = Mask.of(Images.read(masks.resolve("a.edit.png")));
        assertEquals(edit, Mask.of(Images.read(masks.resolve("a.truth-2.png"))));
        Mask joined = Mask.of(Images.read(masks.resolve("a.truth-1.png")));
        assertEquals(edit.count(), joined.overlap(edit));
    }

    @Test
    void knownMasksAreOfAStructureThatTheSegmenterHas() throws IOException {
        Path masks = temp.resolve("masks");
        for (String name : Stream.concat(originals().stream(),
                CASES.stream()).toList()) {
            Files.createDirectories(masks.resolve(name));
            for (String structure : List.of("left", "right")) {
                Files.copy(finished.resolve("masks/x.edit.png"), masks.resolve(name + "/" + structure + ".png"));
            }
        }
        assertRefused(Exit.USAGE, evaluate("--masks", masks), "its structures are left, right", "truth_mask.STRUCTURE");
    }

    @Test
    void knownMasksAreChecked() throws IOException {
        Files.copy(shared.resolve("a.png"), temp.resolve("a.png"));
        Path m = write("m.csv", """
                case_id,image,edit_mask,prompt,truth_mask,truth_mask.Left Lung
                a,a.png,all,X,gone.png,
                b,a.png,all,X,,"box:1,2"
                """);
        Outcome o = run("stress", "run", m, "--model", MODEL, "-o", temp.resolve("r"));
        assertEquals(Exit.INPUT, o.code(), o.err());
        assertTrue(o.err().contains("row 1, column truth_mask: ") && o.err().contains("gone.png")
                && o.err().contains("row 2, column truth_mask.Left Lung: box:1,2"), o.err());
        String settings = Files.readString(finished.resolve("settings.json"), UTF_8);
        assertFalse(settings.contains("truth_mask"), "no column of one's own");
    }
}
