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
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.imaging.Images;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testkit.Fixtures;

/** radedit generate --prompts. */
class PromptListTest {
    private static final Path MODEL = Fixtures.model(Size.TINY);

    @TempDir
    Path temp;
    private Path films;

    @BeforeEach
    void folder() throws IOException {
        films = Files.createDirectory(temp.resolve("films"));
    }

    private Outcome generate(Object... more) {
        return run(Outcome.line(List.of("generate", "--model", MODEL, "--steps", 2), more));
    }

    private Path list(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private List<String> made() throws IOException {
        try (Stream<Path> all = Files.list(films)) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    private void assertSame(String a, String b) throws IOException {
        assertArrayEquals(Images.read(films.resolve(a)).samples(), Images.read(films.resolve(b)).samples(), a);
    }

    @Test
    void eachRowIsThatOfItsOwnCommand() throws IOException {
        Path list = list("p.csv", """
                case_id,prompt,seed,negative_prompt,steps,guidance
                A,Cardiomegaly,,,,
                b.c,"Effusion, left",18446744073709551615,Edema,3,2.5
                D,No effusion,,,1,
                """);
        Outcome o = generate("--prompts", list, "--seed", 5, "-o", films, "--json");
        assertEquals(0, o.code(), o.err());
        assertEquals(List.of("A.png", "D.png", "b.c.png"), made());
        JsonNode images = new ObjectMapper().readTree(o.out()).get("images");
        assertEquals(3, images.size());
        assertEquals("Effusion, left", images.get(1).get("prompt").asText());
        assertEquals(-1, images.get(1).get("seed").asLong());
        assertTrue(images.get(0).get("inputs").get("prompts").has("sha256"), images.get(0).toString());
        assertEquals(0, generate("Cardiomegaly", "--seed", 5, "-o", films.resolve("1.png")).code());
        assertEquals(0,
                generate("Effusion, left", "--seed", -1, "--negative-prompt", "Edema", "--steps", 3, "--guidance",
                        2.5, "-o", films.resolve("2.png")).code());
        assertEquals(0, generate("No effusion", "--seed", 7, "--steps", 1, "-o", films.resolve("3.png")).code());
        assertSame("A.png", "1.png");
        assertSame("b.c.png", "2.png");
        assertSame("D.png", "3.png");
        assertRefused(Exit.USAGE, generate("--prompts", list, "-o", films), "A.png: exists already", "--overwrite yes");
        assertEquals(0,
                generate("--prompts", list, "-o", films, "--overwrite", "yes", "--only", "3", "--seed", 5).code());
        assertSame("D.png", "3.png");
    }

    @Test
    void textAndJsonLines() throws IOException {
        Path text = list("p.txt", "\uFEFFCardiomegaly\r\n\n  # 2, \"left\"  \n");
        assertEquals(0, generate("--prompts", text, "-o", films).code());
        assertEquals(List.of("radedit-1.png", "radedit-2.png"), made());
        Outcome shown = run("show", films.resolve("radedit-2.png"));
        assertTrue(shown.out().contains("prompt: # 2, \"left\"\n"), shown.out());
        Path json = list("p.jsonl", "{\"case_id\": \"x\", \"prompt\": \"a\", \"note\": 1}\n{\"prompt\": \"b\"}\n");
        Outcome o = generate("--prompts", json, "--count", 2, "-o", films);
        assertEquals(0, o.code(), o.err());
        assertTrue(o.err().contains("not used: note"), o.err());
        assertEquals(List.of("radedit-1.png", "radedit-2.png", "radedit-3.png", "radedit-4.png", "x-1.png", "x-2.png"),
                made());
        Path named = list("n.csv", "case_id,prompt\nx,a\ny,b\n");
        assertEquals(0, generate("--prompts", named, "-o", films.resolve("f-{case}-{n:02}.png")).code());
        assertTrue(made().containsAll(List.of("f-x-01.png", "f-y-02.png")), made().toString());
        assertRefused(Exit.USAGE, generate("a", "-o", films.resolve("{case}.png")), "{case} is for lists of prompts");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() throws IOException {
        Path list = list("p.csv", """
                case_id,prompt,seed,steps,guidance,Negative-Prompt
                A,a,x,,,
                a,b,,0.5,,
                ../c,,,,"2,5",
                """);
        Outcome o = generate("--prompts", list, "-o", films);
        assertEquals(Exit.INPUT, o.code());
        for (String s : List.of("column Negative-Prompt: is called negative_prompt", "row 1, column seed: 'x'",
                "row 2, column case_id: 'a' is used in row 1", "row 2, column steps", "row 3, column prompt: is empty",
                "row 3, column case_id", "row 3, column guidance", "decimal point")) {
            assertTrue(o.err().contains(s), s + " in " + o.err());
        }
        Path late = list("q.csv", "prompt,steps,guidance\na,1,\nb,5000,\nc,0,\nd,,NaN\n");
        o = generate("--prompts", late, "-o", films);
        assertEquals(Exit.INPUT, o.code(), o.err());
        for (String s : List.of("row 2: ", "row 3: ", "row 4: ")) {
            assertTrue(o.err().contains(s), s + " in " + o.err());
        }
        assertFalse(o.err().contains("row 1"), o.err());
        assertEquals(List.of(), made());
    }

    @Test
    void refusals() throws IOException {
        Path list = list("p.txt", "a\n");
        assertRefused(Exit.USAGE, generate("b", "--prompts", list, "-o", films), "not both");
        assertRefused(Exit.USAGE, generate("-o", films), "PROMPT");
        assertRefused(Exit.USAGE, generate("--prompts", list, "--noise", list, "-o", films), "--noise");
        assertRefused(Exit.USAGE, generate("--prompts", list, "--count", 0, "-o", films), "--count");
        assertRefused(Exit.USAGE, generate("--prompts", list, "--only", 2, "-o", films), "--only", "from 1 to 1");
        assertRefused(Exit.INPUT, generate("--prompts", list("e.txt", "\n \n"), "-o", films), "has no prompts");
        assertRefused(Exit.INPUT, generate("--prompts", list("e.csv", "text\nb\n"), "-o", films), "column prompt");
        assertRefused(Exit.INPUT, generate("--prompts", temp.resolve("none.txt"), "-o", films), "none.txt");
        assertRefused(Exit.INPUT, generate("--prompts", list("e.doc", "b"), "-o", films), "e.doc");
        assertEquals(List.of(), made());
    }
}
