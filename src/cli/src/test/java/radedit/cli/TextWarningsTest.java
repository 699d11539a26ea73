package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Every text for the text encoder is checked, once. */
class TextWarningsTest {
    private static final String WARNING = "radedit: warning: ";
    private static final Path FILM = TestData.reference("tiny/edit_image.png");

    @TempDir
    Path temp;

    private static List<String> warnings(Outcome o) {
        assertEquals(0, o.code(), o.err());
        return o.err().lines().filter(l -> l.startsWith(WARNING)).map(l -> l.substring(WARNING.length())).toList();
    }

    private Outcome generate(Object... more) {
        return run(Stream.concat(Stream.of("generate", "--steps", 1, "-o", temp.resolve("x.png")),
                Arrays.stream(more)).toArray());
    }

    private static List<String> unknownWords(JsonNode of) {
        return of.path("unknown_words").valueStream().map(JsonNode::asText).toList();
    }

    @Test
    void promptsOfTheDemoModel() throws IOException {
        assertEquals(List.of("the text encoder does not know 'plueral', 'efusion', so the result may show something"
                + " else; did you mean 'pleural effusion'?"), warnings(generate("plueral efusion")));
        assertEquals(
                List.of("the text encoder does not know 'Elephant', 'riding', 'bicycle', so the result may show"
                        + " something else; try other words of English radiology reports"),
                warnings(generate("Elephant riding a bicycle")));
        assertEquals(List.of(), warnings(generate("Large left-sided pleural effusion", "Lungs are clear")));
        assertEquals("", generate("plueral efusion", "--quiet").err());
    }

    @Test
    void eachTextOnceAndInTheSettingsOfItsPicture() throws IOException {
        Outcome o = generate("hart", "Cardiomegaly", "hart", "--count", 2, "--negative-prompt",
                "\u80f8\u8154\u79ef\u6db2",
                "--json");
        List<String> warnings = warnings(o);
        assertEquals(2, warnings.size(), o.err());
        assertTrue(warnings.stream().anyMatch(w -> w.contains("'hart'") && w.contains("'heart'")), o.err());
        assertTrue(warnings.stream().anyMatch(w -> w.contains("'\u80f8\u8154\u79ef\u6db2'")), o.err());
        JsonNode images = new ObjectMapper().readTree(o.out()).get("images");
        assertEquals(List.of("hart", "\u80f8\u8154\u79ef\u6db2"), unknownWords(images.get(0)));
        assertEquals(List.of("\u80f8\u8154\u79ef\u6db2"), unknownWords(images.get(2)));
        JsonNode known = new ObjectMapper().readTree(generate("Cardiomegaly", "--json").out()).get("images").get(0);
        assertFalse(known.has("unknown_words"));
    }

    @Test
    void allTextsOfAnEdit() throws IOException {
        Outcome o = run("edit", "--image", FILM, "--edit-mask", "box:20,20,60,60", "--prompt", "plueral", "--prompt",
                "efusion", "--weight", 5, "--weight", 5, "--invert-prompt", "lugn", "--original-text", "hart",
                "--steps", 4,
                "-o", temp.resolve("x.png"), "--json");
        assertEquals(4, warnings(o).size(), o.err());
        assertEquals(List.of("plueral", "efusion", "lugn", "hart"),
                unknownWords(new ObjectMapper().readTree(o.out()).get("images").get(0)));
    }

    @Test
    void textsOfAScore() throws IOException {
        Outcome o = run("score", FILM, "--text", "efusion", "--text", "efusion", "--average", "--original", FILM,
                "--original-text", "plueral", "--json");
        assertEquals(2, warnings(o).size(), o.err());
        JsonNode report = new ObjectMapper().readTree(o.out());
        assertEquals(List.of("efusion", "plueral"), unknownWords(report));
    }

    @Test
    void longListsAndWordsAreCut() throws IOException {
        String warning = warnings(generate("aquila bubulcus cacatua dacnis ibis lagopus " + "z\u001b".repeat(60)))
                .getFirst();
        assertTrue(warning.contains("'ibis' and 2 more"), warning);
        assertTrue(warnings(generate("w".repeat(2000))).getFirst().length() < 200);
        // A long text is not quoted; its unknown words are listed with suggestions.
        String longer = warnings(generate("plueral effusion ".repeat(10) + "hart")).getFirst();
        assertTrue(longer.contains("'plueral' (pleural?), 'hart' (heart"), longer);
    }

    @Test
    void charactersThatGotLost() throws IOException {
        List<String> warnings = warnings(generate("\ufffd\ufffd\ufffd"));
        assertEquals(1, warnings.size());
        assertTrue(warnings.getFirst().contains("not UTF-8"), warnings.getFirst());
    }

    /** Other models are expected to piece some words together. */
    @Test
    void otherModels() throws IOException {
        Path model = Fixtures.model(Size.TINY);
        assertEquals(List.of(),
                warnings(generate("The lungs are clear without evidence of pneumonia", "--model", model)));
        assertEquals(1, warnings(generate("plueral efusion", "--model", model)).size());
    }
}
