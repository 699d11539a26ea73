package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.assertRefused;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.testdata.TestData;

/** Scores of several films and texts. */
class ScoreCommandTest {
    private static final List<String> TEXTS = List.of("Cardiomegaly", "Small right-sided pleural effusion",
            "No acute cardiopulmonary process", "Large left pneumothorax, chest drain in place");

    @TempDir
    Path temp;
    private Path folder;

    /** Six films of four sizes, two of them the same, and what is no film. */
    @BeforeEach
    void films() throws IOException {
        folder = Files.createDirectory(temp.resolve("films"));
        Files.copy(TestData.resource("/score/tall.png"), folder.resolve("a.png"));
        Files.copy(TestData.resource("/score/wide.png"), folder.resolve("b.png"));
        Files.copy(TestData.resource("/cxr/00000001_000.png"), folder.resolve("c.png"));
        Files.copy(TestData.reference("tiny/edit_image.png"), folder.resolve("d.png"));
        Files.copy(TestData.resource("/cxr/16747_3_1.jpg"), folder.resolve("e.jpg"));
        Files.copy(TestData.resource("/score/wide.png"), folder.resolve("f, \"again\".png"));
    }

    /** Scores with the demo model, without its notice. */
    private static Outcome score(Object... more) {
        Outcome o = run(Stream.concat(Stream.of("score"), Arrays.stream(more)).toArray());
        return new Outcome(o.code(), o.out(), o.err().replaceAll("radedit: demo model: .*\n", ""));
    }

    private static JsonNode json(Outcome o) throws IOException {
        return new ObjectMapper().readTree(o.out());
    }

    private static double single(Path film, String text) throws IOException {
        Outcome o = score(film, "--text", text, "--json");
        assertEquals(0, o.code(), o.err());
        return json(o).get("image_text_score").asDouble();
    }

    private List<Path> inFolder() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private Path texts() throws IOException {
        return Files.writeString(temp.resolve("texts.txt"), "\uFEFF" + String.join("\r\n\n  \n", TEXTS) + "\n");
    }

    /** To the bit what each film and text give by themselves, the best first. */
    @Test
    void filmsByTextsAreRanked() throws IOException {
        Outcome o = score(folder, "--texts", texts(), "--json");
        assertEquals(0, o.code(), o.err());
        JsonNode results = json(o).get("results");
        List<Path> films = inFolder();
        assertEquals(films.size(), results.size());
        for (int i = 0; i < films.size(); i++) {
            assertEquals(films.get(i).toString(), results.get(i).get("image").asText());
            JsonNode scores = results.get(i).get("scores");
            assertEquals(TEXTS.size(), scores.size());
            double above = 1;
            for (int k = 0; k < scores.size(); k++) {
                JsonNode s = scores.get(k);
                assertEquals(k + 1, s.get("rank").asInt());
                assertTrue(s.get("score").asDouble() <= above, scores.toString());
                above = s.get("score").asDouble();
                if (k == i % TEXTS.size()) {
                    assertEquals(single(films.get(i), s.get("text").asText()), above);
                }
            }
        }
    }

    @Test
    void theMeanOfTexts() throws IOException {
        Path film = folder.resolve("a.png");
        Outcome one = score(film, "--text", TEXTS.get(0), "--text", TEXTS.get(1), "--average", "--json");
        double mean = json(one).get("image_text_score").asDouble();
        assertEquals(2, json(one).get("texts").size());
        assertEquals(0, score(film, "--text", TEXTS.get(0), "--text", TEXTS.get(1), "--average").err().length());
        JsonNode both = json(score(film, folder.resolve("b.png"), "--text", TEXTS.get(0), "--text", TEXTS.get(1),
                "--average", "--json")).get("results").get(0).get("scores");
        assertEquals(1, both.size());
        assertEquals(mean, both.get(0).get("score").asDouble());
        assertEquals(2, both.get(0).get("texts").size());
    }

    @Test
    void aPlainTable() {
        Path a = folder.resolve("a.png");
        Path b = folder.resolve("b.png");
        Outcome one = score("--image", a, b, "--text", "Cardiomegaly");
        assertEquals(0, one.code(), one.err());
        List<String> lines = one.out().lines().toList();
        assertEquals(3, lines.size(), one.out());
        assertTrue(lines.get(0).matches("film +score"), one.out());
        assertTrue(lines.get(1).matches("\\Q" + a + "\\E {2,3}-?0\\.\\d{4}"), one.out());
        assertTrue(lines.get(2).startsWith(b.toString()), one.out());
        Outcome ranked = score(a, "--text", "Cardiomegaly", "--text", "Effusion");
        assertEquals(0, ranked.code(), ranked.err());
        assertTrue(
                ranked.out()
                        .matches("film +rank +score  text\n(\\S+ +[12]  +-?0\\.\\d{4}  (Cardiomegaly|Effusion)\n){2}"),
                ranked.out());
        Outcome folderOfOne = score("--text", "Cardiomegaly", folder.resolve("b*"));
        assertTrue(folderOfOne.out().startsWith("film "), "a pattern gives a table, however many files fit it");
    }

    @Test
    void commaSeparatedValues() throws IOException {
        Outcome o = score(folder, "--text", "Right lung, \"clear\"", "--csv");
        assertEquals(0, o.code(), o.err());
        String[] rows = o.out().split("\r\n");
        assertEquals("film,text,score,error", rows[0]);
        assertEquals(7, rows.length);
        double score = single(folder.resolve("f, \"again\".png"), "Right lung, \"clear\"");
        assertEquals("\"" + folder + "/f, \"\"again\"\".png\",\"Right lung, \"\"clear\"\"\"," + score + ",", rows[6]);
        Outcome ranked = score(folder.resolve("a.png"), "--texts", texts(), "--csv");
        assertTrue(ranked.out().startsWith("film,text,score,rank,error\r\n"), ranked.out());
        assertEquals(1 + TEXTS.size(), ranked.out().lines().count());
        Outcome single = score(folder.resolve("a.png"), "--text", "Effusion", "--csv");
        assertEquals("film,text,score,error\r\n" + folder.resolve("a.png") + ",Effusion,"
                + single(folder.resolve("a.png"), "Effusion") + ",\r\n", single.out());
    }

    /** The cosine of a zero change is undefined. */
    @Test
    void noChangeHasNoEditScore() throws IOException {
        Path film = folder.resolve("a.png");
        for (Object[] same : new Object[][]{{film, "Effusion", "the film"}, {folder.resolve("b.png"), "Pneumonia",
                "the text"}}) {
            Object[] words = {film, "--text", "Pneumonia", "--original", same[0], "--original-text", same[1]};
            Outcome o = score(Outcome.line(List.of(words), "--json"));
            assertEquals(0, o.code(), o.err());
            assertTrue(json(o).get("edit_score").isNull(), o.out());
            assertTrue(json(o).get("edit_score_undefined_because").asText().startsWith((String) same[2]), o.out());
            assertTrue(score(words).out().contains("\nedit score undefined: " + same[2]), score(words).out());
            Outcome low = score(Outcome.line(List.of(words), "--min", -1, "--json"));
            assertEquals(Exit.CHECK, low.code());
            assertFalse(json(low).get("passed").asBoolean());
            assertTrue(low.err().endsWith("radedit: the edit score is undefined and does not reach --min -1.0\n"),
                    low.err());
        }
    }

    @Test
    void anEditWithoutAChangeHasNoEditScore() throws IOException {
        Outcome o = run("edit", "--image", TestData.reference("tiny/edit_image.png"), "--edit-mask", "all", "--prompt",
                "a",
                "--original-text", "a", "--min-score", -1, "--steps", 4, "-o", temp.resolve("same.png"), "--json");
        assertEquals(Exit.CHECK, o.code(), o.err());
        assertTrue(o.err().contains("edit score undefined (the film or the text did not change)"), o.err());
        JsonNode score = json(o).get("images").get(0).get("score");
        assertTrue(score.get("edit_score").isNull() && score.get("image_text_score").isNumber(), o.out());
        assertEquals("the film or the text did not change", score.get("undefined_because").asText());
    }

    /** Where nothing is positive, there is no share of it. */
    @Test
    void noPositiveSimilarity() throws IOException {
        int undefined = 0;
        for (Path film : inFolder()) {
            for (String text : TEXTS) {
                Object[] words = {film, "--text", text, "--edit-mask", "all"};
                Outcome o = score(words);
                JsonNode map = json(score(Outcome.line(List.of(words), "--json"))).get("map");
                boolean none = map.get("max").asDouble() <= 0;
                assertEquals(none, map.get("positive_in_edit_mask").isNull());
                assertEquals(none, map.has("positive_undefined_because"));
                assertTrue(o.out().endsWith("positive similarity inside the edit mask "
                        + (none ? "undefined: nowhere in the film is the similarity positive\n" : "100.0 %\n")),
                        o.out());
                undefined += none ? 1 : 0;
            }
        }
        assertTrue(undefined > 0, "no such case");
    }

    @Test
    void intoAFile() throws IOException {
        Path csv = temp.resolve("x.csv");
        Outcome o = score(folder, "--text", "Effusion", "-o", csv);
        assertEquals(0, o.code(), o.err());
        assertEquals(csv + "\n", o.out());
        assertEquals(score(folder, "--text", "Effusion", "--csv").out(), Files.readString(csv));
        Path document = temp.resolve("x.json");
        Outcome json = score(folder.resolve("a.png"), "--text", "Effusion", "-o", document);
        assertEquals(document + "\n", json.out());
        assertEquals(score(folder.resolve("a.png"), "--text", "Effusion", "--json").out(), Files.readString(document));
        Path plain = temp.resolve("plain");
        score(folder.resolve("a.png"), "--text", "Effusion", "-o", plain);
        assertTrue(Files.readString(plain).startsWith("image-text score "));
        assertEquals("", score(folder, "--text", "Effusion", "-o", plain, "--quiet").out());
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "-o", folder.resolve("d.png")), "d.png", "another name");
        assertRefused(Exit.USAGE, score(folder, "--texts", texts(), "-o", temp.resolve("texts.txt")), "another name");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "-o", temp.resolve("no/x.csv")),
                "not an existing folder");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "-o", csv, "--json"), "--json", "x.csv", "exclude");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "-o", document, "--csv"), "--csv", "x.json", "exclude");
        Outcome silent = score(folder.resolve("a.png"), "--text", "Effusion", "-o", document, "--json");
        assertEquals(new Outcome(0, "", ""), silent); // stdout has the document only
        // A failure leaves no file.
        Path never = temp.resolve("never.csv");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "--text", "?!", "-o", never), "'?!' is empty");
        assertFalse(Files.exists(never));
    }

    @Test
    void oneThatCannotBeReadDoesNotStopTheOthers() throws IOException {
        Path cut = folder.resolve("b.png");
        byte[] whole = Files.readAllBytes(cut);
        Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
        Path missing = temp.resolve("missing.png");
        Outcome o = score(folder, missing, "--text", "Effusion", "--json");
        assertEquals(Exit.INPUT, o.code());
        assertEquals("radedit: 2 of 7 films could not be scored; the first is " + cut
                + ": damaged picture (it ends too early)\n", o.err());
        JsonNode results = json(o).get("results");
        assertEquals(7, results.size());
        for (JsonNode r : results) {
            Path film = Path.of(r.get("image").asText());
            if (film.equals(cut) || film.equals(missing)) {
                assertTrue(r.get("error").asText().contains(film.equals(cut) ? "damaged" : "no such file"),
                        r.toString());
                assertFalse(r.has("scores"));
            } else {
                assertEquals(single(film, "Effusion"), r.get("scores").get(0).get("score").asDouble());
            }
        }
        String table = score(folder, "--text", "Effusion").out();
        assertTrue(table.contains("b.png") && table.contains("  damaged picture (it ends too early)\n"), table);
        String csv = score(cut, missing, "--texts", texts(), "--csv").out();
        assertEquals("film,text,score,rank,error\r\n" + cut + ",,,,damaged picture (it ends too early)\r\n" + missing
                + ",,,,no such file or folder\r\n", csv);
        Path file = temp.resolve("x.csv");
        assertEquals(Exit.INPUT, score(folder, "--text", "Effusion", "-o", file).code());
        assertEquals(7, Files.readAllLines(file).size(), "the table is whole all the same");
        // One film that is named alone is refused as before.
        assertRefused(Exit.INPUT, score(missing, "--text", "a"), "missing.png: no such file");
        assertEquals("", score(missing, "--text", "a").out());
    }

    @Test
    void whatIsNoFilm() throws IOException {
        Path note = Files.writeString(folder.resolve("note.txt"), "hello");
        Files.writeString(folder.resolve(".hidden"), "hello");
        Files.createDirectory(folder.resolve("more"));
        Outcome o = score(folder, "--text", "Effusion", "--csv");
        assertEquals(0, o.code());
        assertEquals("radedit: " + folder + ": left out, not a film: note.txt\n", o.err());
        assertEquals(7, o.out().lines().count());
        Outcome named = score(note, folder.resolve("a.png"), "--text", "Effusion", "--csv");
        assertEquals(Exit.INPUT, named.code());
        assertTrue(named.out().contains("note.txt,,,\"has an unknown format"), named.out());
        assertRefused(Exit.INPUT, score(note, "--text", "a"), "note.txt: has an unknown format");
        assertRefused(Exit.INPUT, score(folder.resolve("more"), "--text", "a"), "more: holds no film");
        // Begins like a data set without preamble, but is none.
        Files.write(folder.resolve("z"), new byte[]{8, 0, 5, 0, 'C', 'S', 4, 0, 'a', 'b', 'c', 'd', 9, 9, 9, 9});
        Outcome perhaps = score(folder, "--text", "Effusion", "--csv");
        assertEquals(0, perhaps.code(), perhaps.err());
        assertTrue(perhaps.err().contains("z: left out, not a film"), perhaps.err());
    }

    @Test
    void patternsThatTheShellLeft() throws IOException {
        List<String> films = new ArrayList<>();
        json(score(temp.resolve("f*/[a-c].png"), "--text", "a", "--json")).get("results")
                .forEach(r -> films.add(Path.of(r.get("image").asText()).getFileName().toString()));
        assertEquals(List.of("a.png", "b.png", "c.png"), films);
        assertRefused(Exit.INPUT, score(folder.resolve("x*.png"), "--text", "a"), "x*.png: no file matches");
        assertRefused(Exit.INPUT, score(folder.resolve("[.png"), "--text", "a"), "[.png: no such file");
        Path odd = Files.copy(folder.resolve("a.png"), folder.resolve("[1].png"));
        assertTrue(score(odd, "--text", "a").out().startsWith("image-text score"), "a file of this name goes first");
    }

    @Test
    void theLowestScoreThatWillDo() throws IOException {
        Path a = folder.resolve("a.png");
        Path b = folder.resolve("b.png");
        double ofA = single(a, "Effusion");
        double ofB = single(b, "Effusion");
        double between = (ofA + ofB) / 2;
        Path low = ofA < ofB ? a : b;
        Outcome o = score(a, b, "--text", "Effusion", "--min", between, "--json");
        assertEquals(Exit.CHECK, o.code());
        assertTrue(o.err().matches("radedit: \\Q" + low + "\\E: the image-text score -?0\\.\\d{4} is below --min .*\n"),
                o.err());
        assertFalse(json(o).get("passed").asBoolean());
        for (JsonNode r : json(o).get("results")) {
            assertEquals(!r.get("image").asText().equals(low.toString()), r.get("passed").asBoolean());
        }
        assertEquals(0, score(a, b, "--text", "Effusion", "--min", Math.min(ofA, ofB)).code());
        Outcome ranked = score(a, "--text", "Effusion", "--text", "Cardiomegaly", "--min", 1);
        assertEquals(Exit.CHECK, ranked.code());
        assertTrue(ranked.err().contains("the best image-text score"), ranked.err());
        assertEquals(Exit.INPUT, score(a, temp.resolve("no.png"), "--text", "Effusion", "--min", 1).code());
    }

    @Test
    void whatGoesWithOneFilmAndOneText() throws IOException {
        Path a = folder.resolve("a.png");
        Path b = folder.resolve("b.png");
        for (List<Object> more : List.<List<Object>>of(List.of("--map", temp.resolve("x.png")),
                List.of("--edit-mask", "all"), List.of("--original", a, "--original-text", "x"))) {
            String option = more.getFirst().toString();
            Object[] options = more.toArray();
            assertRefused(Exit.USAGE, score(join(options, a, b, "--text", "a")), option, "several films");
            assertRefused(Exit.USAGE, score(join(options, folder, "--text", "a")), option, "several films");
            assertRefused(Exit.USAGE, score(join(options, a, "--text", "a", "--text", "b")), option, "--average");
            assertRefused(Exit.USAGE, score(join(options, a, "--text", "a", "--csv")), option, "--csv");
            assertEquals(0, score(join(options, a, "--text", "a", "--text", "b", "--average")).code());
        }
        assertRefused(Exit.USAGE, score(a, b, "--text", "a", "--previous", b), "--previous", "several");
        JsonNode pair = json(
                score(a, "--text", "Effusion", "--text", "Edema", "--previous", b, "--json", "--embeddings"));
        double alone = json(score(a, "--text", "Effusion", "--previous", b, "--json")).get("image_text_score")
                .asDouble();
        JsonNode scores = pair.get("results").get(0).get("scores");
        assertEquals(alone, scores.get(scores.get(0).get("text").asText().equals("Effusion") ? 0 : 1).get("score")
                .asDouble());
        assertEquals(64, pair.get("results").get(0).get("embedding").size());
        assertEquals(2, pair.get("text_embeddings").size());
    }

    private static Object[] join(Object[] a, Object... b) {
        return Stream.concat(Arrays.stream(b), Arrays.stream(a)).toArray();
    }

    @Test
    void wrongUsageAndTexts() throws IOException {
        Path a = folder.resolve("a.png");
        assertRefused(Exit.USAGE, score("--text", "a"), "a film is missing");
        assertRefused(Exit.USAGE, score(a), "a text is missing");
        assertRefused(Exit.USAGE, score(a, "--text", "a", "--json", "--csv"), "--json", "--csv");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "--frame", 0), "--frame");
        assertRefused(Exit.USAGE, score(folder, "--text", "a", "--embeddings", "--csv"), "--json");
        assertRefused(Exit.INPUT, score(a, "--texts", temp.resolve("none.txt")), "none.txt: no such file");
        assertRefused(Exit.INPUT, score(a, "--texts", folder), "films: is not a regular file");
        assertRefused(Exit.INPUT, score(a, "--texts", a), "a.png: is not UTF-8 text");
        Path file = Files.writeString(temp.resolve("t.txt"), "\n \n");
        assertRefused(Exit.INPUT, score(a, "--texts", file), "t.txt: holds no text");
        Files.writeString(file, "Effusion\n\n...\n");
        assertRefused(Exit.INPUT, score(a, "--texts", file), "t.txt: line 3: the text '...' is empty");
        assertRefused(Exit.INPUT, score(a, "--texts", file, "--average"), "t.txt: line 3: the text '...' is empty");
        assertRefused(Exit.USAGE, score(a, "--texts", file, "--text", "?"), "the text '?' is empty");
    }

    @Test
    void progressIsOfFilms() {
        Outcome o = score(folder, "--text", "Effusion", "--progress", "--csv");
        assertTrue(o.err().contains("scoring    4/6") && o.err().contains("scoring    6/6"), o.err());
        assertEquals(7, o.out().lines().count());
    }

    /** Options that do not affect scores are absent, and examples are not broken across lines. */
    @Test
    void helpFits() {
        String help = run("score", "--help").out();
        for (String option : List.of("--unet", "--vae", "--vae-tile", "--scheduler", "--fast-math")) {
            assertFalse(help.contains(option + "=") || help.contains(option + " "), option);
            assertTrue(run("generate", "--help").out().contains(option), option);
            assertRefused(Exit.USAGE, score(folder, "--text", "a", option), option);
        }
        for (String option : List.of("--model", "--text-encoder", "--tokenizer", "--image-encoder", "--backend",
                "--threads")) {
            assertTrue(help.contains(option + "="), option);
        }
        List<String> examples = help.lines().dropWhile(l -> !l.equals("Examples:")).skip(1).toList();
        assertTrue(examples.size() > 3 && examples.stream().allMatch(l -> l.length() <= 80
                && l.matches("  radedit score .*|      --.*")), help);
    }
}
