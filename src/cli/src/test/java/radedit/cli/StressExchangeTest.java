package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.mask.Extent;
import radedit.imaging.mask.MaskSource;
import radedit.stress.Manifest;
import radedit.stress.Values;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** A run, what is exported of it, and what is imported again. */
class StressExchangeTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path shared;
    private static Path finished;

    @TempDir
    Path temp;

    @BeforeAll
    static void edits() throws IOException {
        Path film = TestData.reference("tiny/edit_image.png");
        Files.copy(film, shared.resolve("one.png"));
        assertEquals(0, run("generate", "a", "--model", MODEL, "--steps", 1, "-o", shared.resolve("two.png")).code());
        Files.writeString(shared.resolve("m.csv"), """
                # a comment
                case_id,patient_id,image,edit_mask,prompt,original_text,role,target,ward,age,invert_edit_mask
                A,p1,one.png,"box:4,8,10,12",No effusion,Effusion,remove,Effusion,"y, z",61,
                A-test,p1,one.png,"box:4,8,10,12",No abnormality,Effusion,background,Effusion,x,61,true
                B,p2,two.png,"box:0,0,16,16",Edema,No edema,add,Edema,,40.5,
                """);
        finished = shared.resolve("run");
        Outcome o = run("stress", "run", shared.resolve("m.csv"), "-o", finished, "--controls",
                "null,reverse,background",
                "--steps", 2, "--quiet"); // with the demo model, which scores
        assertEquals(0, o.code(), o.err());
    }

    private static Set<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return new TreeSet<>(all.filter(Files::isRegularFile)
                    .map(p -> folder.relativize(p).toString().replace('\\', '/')).toList());
        }
    }

    private Path export(String format, String... said) throws IOException {
        Path out = temp.resolve(format);
        Outcome o = run("stress", "export", finished, "--format", format, "-o", out);
        assertEquals(0, o.code(), o.err());
        assertEquals(out + System.lineSeparator(), o.out());
        for (String s : said) {
            assertTrue(o.err().contains(s), o.err());
        }
        assertTrue(o.err().contains(files(out).stream().filter(f -> f.endsWith(".png")).count() + " pictures"),
                o.err());
        return out;
    }

    private static void assertSame(String inRun, Path exported) throws IOException {
        assertArrayEquals(Files.readAllBytes(finished.resolve(inRun)), Files.readAllBytes(exported), inRun);
    }

    private List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            all.add(JSON.readTree(line));
        }
        return all;
    }

    @Test
    void imageFolder() throws IOException {
        Path out = export("imagefolder");
        List<JsonNode> lines = lines(out.resolve("metadata.jsonl"));
        assertEquals(9 + 4, lines.size(), "3 edits, 6 controls; 2 films, and 2 edited ones that are edited back");
        Map<String, JsonNode> byId = new HashMap<>();
        Set<String> named = new TreeSet<>(Set.of("metadata.jsonl"));
        List<String> keys = null;
        for (JsonNode n : lines) {
            List<String> here = new ArrayList<>();
            n.fieldNames().forEachRemaining(here::add);
            assertEquals("file_name", here.getFirst());
            keys = keys == null ? here : keys;
            assertEquals(keys, here);
            byId.put(n.path("case_id").asText(), n);
            named.add(n.path("file_name").asText());
            n.forEach(v -> assertTrue(v.isValueNode()));
        }
        assertEquals(files(out), named);
        assertEquals("images/case-10.png", byId.get("A-test").path("file_name").asText(), "no split called test");
        JsonNode a = byId.get("A");
        assertEquals("y, z", a.path("ward").asText());
        assertEquals("No effusion", a.path("prompt").asText());
        assertTrue(a.path("truth_before").asBoolean());
        assertTrue(a.hasNonNull("truth_after") && !a.path("truth_after").asBoolean());
        assertEquals("A", byId.get("A.null").path("base").asText());
        JsonNode original = byId.get(a.path("original").asText());
        assertEquals("", original.path("role").asText());
        assertTrue(original.path("truth_before").asBoolean());
        assertSame("images/A.png", out.resolve(a.path("file_name").asText()));
        assertSame("originals/" + a.path("original").asText().substring("original-".length()) + ".png",
                out.resolve(original.path("file_name").asText()));

        Path manifest = temp.resolve("again.csv");
        Outcome o = run("stress", "import", out, "--format", "imagefolder", "-o", manifest);
        assertEquals(0, o.code(), o.err());
        Manifest m = Manifest.read(manifest);
        assertEquals(List.of("A", "A-test", "B"), m.rows().stream().map(v -> v.first("case_id")).toList());
        Values first = m.rows().getFirst();
        assertEquals("imagefolder/" + original.path("file_name").asText(), first.first("image"));
        assertEquals("y, z", first.first("ward"));
        assertFalse(m.columns().contains("truth_before"));
        assertEquals(List.of("1", "0"), List.of(first.first("label", ""), first.first("label_after", "")));
        assertEquals("Effusion", first.first("original_text"));
        Mask edit = Mask.of(Images.read(finished.resolve("masks/A.edit.png")));
        Extent square = new Extent(edit.width(), edit.height());
        assertEquals(edit, MaskSource.of(first.first("edit_mask", "")).read(square, w -> {
        }));
        Mask outside = Mask.of(Images.read(finished.resolve("masks/A-test.edit.png")));
        assertEquals(outside, MaskSource.of(m.rows().get(1).first("edit_mask", "")).read(square, w -> {
        }));
        assertTrue(o.err().contains("left out: 10 controls and films before the edits") && o.err().contains("weights"),
                o.err());
        assertEquals(0,
                run("stress", "run", manifest, "-o", temp.resolve("run2"), "--steps", 2, "--quiet").code());
    }

    @Test
    void anImageFolderOfOnesOwnKeepsItsMasks() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("data"));
        Files.copy(shared.resolve("one.png"), folder.resolve("one.png"));
        Files.copy(shared.resolve("one.png"), folder.resolve("mask.png"));
        Files.writeString(folder.resolve("metadata.jsonl"), """
                {"file_name": "one.png", "edit_mask": "mask.png#above=9", "keep_mask": "box:1,2,3,4",\
                 "truth_mask_file_name": "mask.png", "original_text": "Effusion", "label": 1, "image": "x"}
                """);
        Path manifest = temp.resolve("m.csv");
        Outcome o = run("stress", "import", folder, "--format", "imagefolder", "-o", manifest);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("left out: the column image"), o.err());
        Values row = Manifest.read(manifest).rows().getFirst();
        assertEquals(List.of("data/one.png", "data/mask.png#above=9", "box:1,2,3,4", "data/mask.png", "Effusion", "1"),
                List.of("image", "edit_mask", "keep_mask", "truth_mask", "original_text", "label").stream()
                        .map(c -> row.first(c, "")).toList());
        Files.writeString(folder.resolve("metadata.jsonl"),
                "{\"file_name\": \"one.png\", \"edit_mask\": \"../secret.png\", \"keep_mask\": \"gone.png\"}");
        o = run("stress", "import", folder, "--format", "imagefolder", "-o", temp.resolve("n.csv"));
        assertEquals(Exit.INPUT, o.code(), o.err());
        assertTrue(o.err().contains("row 1, column edit_mask") && o.err().contains("is outside of")
                && o.err().contains("row 1, column keep_mask") && o.err().contains("no such file"), o.err());
    }

    @Test
    void radCf() throws IOException {
        Path out = export("radcf");
        Set<String> expected = new TreeSet<>();
        for (String s : List.of("Effusion_flip/%s/A.png", "Edema_flip/%s/B.png")) {
            for (String f : List.of("originals", "counterfactuals", "null_interventions", "reverse_cfs")) {
                expected.add(s.formatted(f));
            }
        }
        expected.addAll(Set.of("Effusion_flip/interventions_shard0.csv", "Edema_flip/interventions_shard0.csv"));
        assertEquals(expected, files(out));
        assertEquals("filename,Effusion_original,Effusion_new,age_original,age_new\nA,1,0,61,61\n",
                Files.readString(out.resolve("Effusion_flip/interventions_shard0.csv")));
        assertSame("images/A.null.png", out.resolve("Effusion_flip/null_interventions/A.png"));
        assertSame("images/B.reverse.png", out.resolve("Edema_flip/reverse_cfs/B.png"));

        Path manifest = temp.resolve("m.csv");
        Outcome o = run("stress", "import", out, "--format", "radcf", "-o", manifest);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("no masks"), o.err());
        Manifest m = Manifest.read(manifest);
        assertEquals(List.of("Edema_flip.B", "Effusion_flip.A"),
                m.rows().stream().map(v -> v.first("case_id")).toList());
        Values a = m.rows().get(1);
        assertEquals("remove", a.first("role"));
        assertEquals("No effusion", a.first("prompt"));
        assertEquals("Effusion", a.first("original_text"));
        assertEquals("radcf/Effusion_flip/originals/A.png", a.first("image"));
        assertEquals("61", a.first("age_original"));
    }

    @Test
    void radCfSaysEverythingThatIsWrong() throws IOException {
        Path shard = temp.resolve("interventions_shard0.csv");
        Files.writeString(shard, """
                filename,Effusion_original,Effusion_new,Age_original,Age_new
                a,0.0,1,0.3,0.3
                filename,Effusion_original,Effusion_new,Age_original,Age_new
                ../../x,1,0,0.3,0.3
                b/c,1,0,0.3,0.30
                d,1,1,0.3,0.3
                d,1,0,0.3,0.5
                e,1,1,0.3,0.5
                """);
        Files.createDirectories(temp.resolve("originals"));
        Files.copy(shared.resolve("one.png"), temp.resolve("originals/b__c.png"));
        Outcome o = run("stress", "import", shard, "--format", "radcf", "-o", temp.resolve("m.csv"));
        assertEquals(Exit.INPUT, o.code());
        for (String s : List.of("row 1, column filename", "row 3, column filename", "row 5: no attribute changes",
                "row 6: 'd' is in row 5 already", "row 6: several attributes change", "row 7, column Age_new")) {
            assertTrue(o.err().contains(s), s + " in " + o.err());
        }
        assertFalse(o.err().contains("row 4"), o.err());
        assertFalse(Files.exists(temp.resolve("m.csv")));
        assertRefused(Exit.INPUT, run("stress", "import", temp.resolve("originals"), "--format", "radcf", "-o",
                temp.resolve("m.csv")), "interventions_shard");
    }

    @Test
    void medGround() throws IOException {
        Path out = export("medground", "1 case is left out");
        assertEquals(Set.of("0.png", "0_edited.png", "0_edited_kept.png", "0_edited_kept_normal.png", "samples.json"),
                files(out));
        assertSame("images/A.png", out.resolve("0_edited.png"));
        assertSame("images/A.background.png", out.resolve("0_edited_kept.png"));
        assertSame("images/A-test.png", out.resolve("0_edited_kept_normal.png"));
        JsonNode n = JSON.readTree(out.resolve("samples.json").toFile());
        assertEquals(JSON.readTree("""
                [{"dataset": "run", "index": 0, "answer": "Yes", "imgpath": "0.png",
                  "question": "Is there evidence of effusion in the image?", "attribute": "effusion",
                  "locations": %s}]""".formatted(n.get(0).get("locations"))), n);
        assertEquals(4, n.get(0).get("locations").get(0).size());

        Path manifest = temp.resolve("medground.csv");
        Outcome o = run("stress", "import", out, "--format", "medground", "-o", manifest);
        assertEquals(0, o.code(), o.err());
        List<Values> rows = Manifest.read(manifest).rows();
        assertEquals(2, rows.size());
        Values remove = rows.getFirst();
        JsonNode box = n.get(0).get("locations").get(0);
        assertEquals(List.of("box:%d,%d,%d,%d".formatted(box.get(0).asInt(), box.get(1).asInt(),
                box.get(2).asInt() - box.get(0).asInt(), box.get(3).asInt() - box.get(1).asInt())),
                remove.all("edit_mask"));
        assertEquals("medground/0.png", remove.first("image"));
        assertEquals("No effusion", remove.first("prompt"));
        assertEquals("Effusion", remove.first("original_text"));
        assertEquals("effusion", remove.first("target"));
        assertEquals("No abnormality", rows.get(1).first("prompt"));
        assertEquals("background", rows.get(1).first("role"));
        assertEquals(remove.all("edit_mask"), rows.get(1).all("keep_mask"));
        Path again = temp.resolve("run-again");
        o = run("stress", "run", manifest, "-o", again, "--controls", "background", "--steps", 2);
        assertEquals(0, o.code(), o.err());
        Path back = temp.resolve("exported-again");
        o = run("stress", "export", again, "--format", "medground", "-o", back);
        assertEquals(0, o.code(), o.err());
        assertEquals(files(out), files(back), "no sample lacks a picture");
        assertArrayEquals(Files.readAllBytes(out.resolve("samples.json")),
                Files.readAllBytes(back.resolve("samples.json")));
    }

    @Test
    void recordsOfMedGroundBench() throws IOException {
        Files.copy(shared.resolve("one.png"), temp.resolve("film é.png"));
        String predictions = "\"answer\": \"Yes\", \"prediction_direct\": \"Yes\", \"prediction_edited_direct\": \"No\"";
        Path file = Files.writeString(temp.resolve("direct.json"),
                """
                        [{"model": "a", "dataset": "vindr_cxr", "index": 43, %1$s, "imgpath": "%2$s",
                          "question": "Is there evidence of pleural effusion in the image?", "locations": [[1.5, 2, 9, 12], [3, 3, 5, 5]]},
                         {"model": "b", "dataset": "vindr_cxr", "index": 43, %1$s, "imgpath": "%2$s",
                          "question": "Is there evidence of pleural effusion in the image?", "locations": [[1.5, 2, 9, 12]]}]
                        """
                        .formatted(predictions,
                                temp.resolve("film é.png").toAbsolutePath().toString().replace("\\", "/")));
        Path manifest = temp.resolve("m.csv");
        Outcome o = run("stress", "import", temp, "--format", "medground", "-o", manifest);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("1 further records of the same samples"), o.err());
        List<Values> rows = Manifest.read(manifest).rows();
        assertEquals(List.of("vindr_cxr-43", "vindr_cxr-43-normal"),
                rows.stream().map(r -> r.first("case_id")).toList());
        assertEquals("film é.png", rows.getFirst().first("image"));
        assertEquals(List.of("box:1,2,8,10", "box:3,3,2,2"), rows.getFirst().all("edit_mask"));
        assertEquals("No pleural effusion", rows.getFirst().first("prompt"));

        Files.writeString(file, """
                [{"dataset": "d", "index": 1, %s}, {"dataset": "d", "index": -1},
                 {"dataset": "d", "index": 2, "imgpath": "../x.png", "attribute": "edema", "locations": [[5, 5, 1, 9]]}]
                """.formatted(predictions));
        o = run("stress", "import", file, "--format", "medground", "-o", temp.resolve("x.csv"));
        assertEquals(Exit.INPUT, o.code());
        assertTrue(o.err().contains("row 1, column imgpath: is missing; the benchmark's attach_source_metadata adds")
                && o.err().contains("row 2, column index") && o.err().contains("row 3, column locations: has [5,5,1,9]")
                && o.err().contains("row 3, column imgpath"), o.err());
        Files.writeString(file, "{}");
        assertRefused(Exit.INPUT, run("stress", "import", file, "--format", "medground", "-o", temp.resolve("x.csv")),
                "is not a list of samples");
    }

    @Test
    void cheXGenBenchAndItsPrompts() throws IOException {
        Path out = export("chexgenbench");
        assertEquals(Set.of("prompt_INFO.csv", "synthetic_images/A.png", "synthetic_images/B.png"), files(out));
        assertEquals("prompt,img_savename\nNo effusion,A.png\nEdema,B.png\n",
                Files.readString(out.resolve("prompt_INFO.csv")));
        Path prompts = temp.resolve("p.csv");
        assertEquals(0, run("stress", "import", out, "--format", "chexgenbench", "-o", prompts).code());
        assertEquals("case_id,prompt\nA,No effusion\nB,Edema\n", Files.readString(prompts));
        Path films = Files.createDirectory(temp.resolve("films"));
        assertEquals(0, run("generate", "--prompts", prompts, "--model", MODEL, "--steps", 1, "-o", films).code());
        assertEquals(Set.of("A.png", "B.png"), files(films));
        Path annotated = Files.writeString(temp.resolve("t.csv"), "path,annotated_prompt\nx,Edema\ny,\n");
        assertRefused(Exit.INPUT, run("stress", "import", annotated, "--format", "chexgenbench", "-o",
                temp.resolve("q.csv")), "row 2, column annotated_prompt");
    }

    @Test
    void images() throws IOException {
        Set<String> names = files(export("images"));
        assertTrue(names.containsAll(List.of("A.png", "A.null.png", "B.reverse.png")), names.toString());
        assertEquals(4, names.stream().filter(n -> n.matches("original-[0-9a-f]{16}\\.png")).count());
    }

    @Test
    void nothingIsReplacedOrHalfWritten() throws IOException {
        Path full = Files.createDirectory(temp.resolve("full"));
        Files.writeString(full.resolve("mine"), "x");
        assertRefused(Exit.USAGE, run("stress", "export", finished, "--format", "images", "-o", full), "not empty");
        assertEquals(Set.of("mine"), files(full));
        assertRefused(Exit.USAGE, run("stress", "export", temp, "--format", "images", "-o", temp.resolve("x")),
                "holds no run");
        assertRefused(Exit.USAGE, run("stress", "export", finished, "--format", "coco", "-o", temp.resolve("x")),
                "'coco' is not one of imagefolder, medground, radcf, chexgenbench, images");
        Path manifest = Files.writeString(temp.resolve("mine.csv"), "x");
        assertRefused(Exit.USAGE, run("stress", "import", finished, "--format", "radcf", "-o", manifest),
                "exists already");
        assertRefused(Exit.USAGE, run("stress", "template", "report", "-o", manifest), "exists already");
        assertRefused(Exit.USAGE, run("stress", "template", "report", "-o", full), "not empty");
        assertEquals("x", Files.readString(manifest));
        assertRefused(Exit.INPUT, run("stress", "import", temp.resolve("none.csv"), "--format", "radcf", "-o",
                temp.resolve("x.csv")), "none.csv");
        try (Stream<Path> all = Files.list(temp)) {
            assertEquals(Set.of("full", "mine.csv"),
                    new TreeSet<>(all.map(p -> p.getFileName().toString()).toList()));
        }
    }

    @Test
    void templates() throws IOException {
        Path folder = temp.resolve("drains");
        Outcome o = run("stress", "template", "manifestation", "-o", folder);
        assertEquals(0, o.code(), o.err());
        assertEquals(Set.of("manifest.csv", "README.txt"), files(folder));
        assertTrue(Files.readString(folder.resolve("manifest.csv")).startsWith("# Manifestation shift"));
        Outcome missing = run("stress", "run", folder.resolve("manifest.csv"), "-o", temp.resolve("x"), "--model",
                MODEL);
        assertEquals(Exit.INPUT, missing.code());
        assertTrue(missing.err().contains("row 1, column image: films/film1.png: no such file"), missing.err());
        assertFalse(missing.err().contains("did you mean"), missing.err());

        Path manifest = shared.resolve("reports.csv");
        o = run("stress", "template", "report", "--images", shared.resolve("one.png"), "--edit-mask", "box:4,8,10,12",
                "--keep-mask", shared.resolve("{film}.png"), "-o", manifest);
        assertEquals(0, o.code(), o.err());
        Values v = Manifest.read(manifest).rows().getFirst();
        assertEquals("one.png", v.first("image"));
        assertEquals("box:4,8,10,12", v.first("edit_mask"));
        assertEquals("one.png", v.first("keep_mask"));
        assertRefused(Exit.INPUT, run("stress", "template", "report", "--images", shared.resolve("one.png"),
                "--edit-mask", "masks/{film}-none.png", "-o", temp.resolve("r.csv")),
                "row 1, column edit_mask: masks/one-none.png: no such file");
        assertRefused(Exit.USAGE,
                run("stress", "template", "report", "--edit-mask", "all", "-o", temp.resolve("r.csv")),
                "--images");
    }
}
