package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static radedit.cli.Outcome.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;

/** Settings recorded in a picture. */
class RecordedSettingsTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);
    private static final Path FILM = TestData.reference("tiny/edit_image.png");

    @TempDir
    Path temp;

    private static JsonNode settings(Path file) throws IOException {
        Outcome o = run("show", file, "--json");
        assertEquals(0, o.code(), o.err());
        return new ObjectMapper().readTree(o.out());
    }

    private static List<String> strings(JsonNode of) {
        return of.valueStream().map(JsonNode::asText).toList();
    }

    /** The recorded command line, run again, makes the same file. */
    @ParameterizedTest
    @ValueSource(strings = {"-effusion", "--", "-", "--steps", "-o", "-1", "--json=x", "@file", "", "a b", "'"})
    void commandLinesCanBeRunAgain(String text) throws IOException {
        Path file = temp.resolve("x.png");
        Outcome o = run("generate", "--model", MODEL, "--steps", 1, "-o", file, "--negative-prompt", "-effusion", "--",
                text, "Cardiomegaly");
        assertEquals(0, o.code(), o.err());
        Path first = temp.resolve("x-1.png");
        byte[] before = Files.readAllBytes(first);
        Files.delete(first);
        List<String> words = strings(settings(temp.resolve("x-2.png")).get("command_line"));
        assertEquals(0, run(words.subList(1, words.size()).toArray()).code(), words.toString());
        assertArrayEquals(before, Files.readAllBytes(first), words.toString());
    }

    @Test
    void whatWasCutIsTold() throws IOException {
        String prompt = "effusion ".repeat(200).strip();
        String negative = "effusion ".repeat(130).strip();
        Path file = temp.resolve("x.png");
        assertEquals(0, run("generate", prompt, "Cardiomegaly", "--negative-prompt", negative, "--model", MODEL,
                "--steps", 1, "-o", file).code());
        JsonNode first = settings(temp.resolve("x-1.png")).get("dropped_tokens");
        assertEquals(List.of(prompt, negative), first.propertyStream().map(e -> e.getKey()).toList());
        assertEquals(List.of("74", "4"), strings(first));
        assertEquals(1, settings(temp.resolve("x-2.png")).get("dropped_tokens").size());
        String text = run("show", temp.resolve("x-1.png")).out();
        assertTrue(text.contains("dropped tokens:\n  effusion effusion ") && text.contains(": 74\n"), text);
    }

    @Test
    void whatWasCutOfAnEditIsTold() throws IOException {
        String prompt = "effusion ".repeat(200).strip();
        String invert = "effusion ".repeat(127).strip();
        Path file = temp.resolve("x.png");
        List<Object> edit = new ArrayList<>(List.of("edit", "--image", FILM, "--edit-mask", "box:20,20,60,60",
                "--model", MODEL, "--steps", 4, "-o", file, "--prompt"));
        assertEquals(0, run(Outcome.line(edit, prompt, "--invert-prompt", invert)).code());
        JsonNode dropped = settings(file).get("dropped_tokens");
        assertEquals(74, dropped.get(prompt).asInt());
        assertEquals(1, dropped.get(invert).asInt());
        assertEquals(0, run(Outcome.line(edit, "effusion")).code());
        assertFalse(settings(file).has("dropped_tokens"));
    }

    /** The text for people has the picture's number once, from 1, and no nulls. */
    @Test
    void textForPeople() {
        Path file = temp.resolve("x.png");
        assertEquals(0, run("generate", "a", "--count", 3, "--model", MODEL, "--steps", 1, "-o", file).code());
        String text = run("show", temp.resolve("x-2.png")).out();
        assertTrue(text.contains("picture: 2 of 3\n"), text);
        assertFalse(text.contains("\nimage: ") || text.contains("\nimages: "), text);
        assertEquals(0, run("edit", "--image", FILM, "--edit-mask", "box:20,20,60,60", "--model", MODEL, "--steps", 4,
                "-o", file, "--prompt", "a").code());
        String shown = run("show", file).out();
        assertFalse(Pattern.compile("\\bnull\\b").matcher(shown).find(), shown); // a folder's name may begin with it
    }
}
