package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import radedit.undertest.OutputSpec.Values;

class ScoreFileTest {
    private static final OutputSpec ANY = OutputSpec.scores(Values.PROBABILITIES, List.of());

    @TempDir
    Path temp;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(temp.resolve(name), text);
    }

    private static ModelException refused(Path file, List<String> cases, OutputSpec spec) {
        ModelException e = assertThrows(ModelException.class, () -> ScoreFile.read(file, cases, spec));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        return e;
    }

    @Test
    void csvWithMarkQuotesAndCarriageReturns() throws IOException {
        Path file = write("s.csv", "\uFEFF\"case_id\",Effusion,\"Pleural\n\"\"Thickening\"\"\"\r\n\r\n"
                + "\"a,1\",0.25, 1e-3 \r\nb,1,0\r\n");
        ScoreFile s = ScoreFile.read(file, List.of("a,1", "b"), ANY);
        assertEquals(List.of("Effusion", "Pleural\n\"Thickening\""), s.spec().names());
        assertArrayEquals(new double[]{0.25, 0.001}, s.scores().get("a,1").probabilities());
        assertEquals(List.of("a,1", "b"), List.copyOf(s.scores().keySet()));
        assertEquals(64, s.sha256().length());
    }

    @ParameterizedTest
    @CsvSource({"';'", "'\t'"})
    void otherSeparators(String separator) throws IOException {
        Path file = write("s.csv", "case_id,A\na,0.5\n".replace(",", separator));
        assertArrayEquals(new double[]{0.5}, ScoreFile.read(file, List.of(), ANY).scores().get("a").probabilities());
    }

    @Test
    void namedClassesIgnoreOtherColumnsAndOrder() throws IOException {
        Path file = write("s.csv", "path,B,case_id,A\nx/y.png,0.1,a,0.2\n");
        OutputSpec spec = OutputSpec.scores(Values.PROBABILITIES, List.of("A", "B"));
        assertArrayEquals(new double[]{0.2, 0.1},
                ScoreFile.read(file, List.of(), spec).scores().get("a").probabilities());
        assertTrue(refused(file, List.of(), ANY).getMessage()
                .contains("row 1, column 'path': 'x/y.png' is not a number"));
        ModelException e = refused(file, List.of(), OutputSpec.scores(Values.PROBABILITIES, List.of("C")));
        assertTrue(e.getMessage().contains("has no column 'C'; its columns are path, B, A"), e.getMessage());
    }

    @Test
    void logits() throws IOException {
        Path file = write("s.csv", "case_id,A\na,-3\nb,0\n");
        ScoreFile s = ScoreFile.read(file, List.of(), OutputSpec.scores(Values.LOGITS, List.of()));
        assertEquals(1 / (1 + Math.exp(3)), s.scores().get("a").probabilities()[0]);
        assertEquals(-3, s.scores().get("a").logits()[0]);
        assertTrue(refused(file, List.of(), ANY).getMessage().contains("-3 is not a probability from 0 to 1"));
    }

    @Test
    void allProblemsAreSaidTogether() throws IOException {
        Path file = write("s.csv", """
                case_id,A,B
                a,0.5,0.5
                a,0.5,0.5
                b,x,1.5
                c,0.1
                ,0.1,0.1
                d,NaN,
                "f
                g",1e999,0x1p-3
                z,0.1,0.1
                """);
        ModelException e = refused(file, List.of("a", "b", "c", "d", "e"), ANY);
        assertEquals(List.of("row 2: case 'a' is in row 1 already", "row 3, column 'A': 'x' is not a number",
                "row 3, column 'B': 1.5 is not a probability from 0 to 1",
                "row 4 has 2 cells, the first row has 3", "row 5 has no case_id",
                "row 6, column 'A': 'NaN' is not a number", "row 6, column 'B' is empty",
                "row 7, column 'A': 1e999 is not a probability from 0 to 1",
                "row 7, column 'B': '0x1p-3' is not a number", "row 7: case 'f?g' is unknown",
                "row 8: case 'z' is unknown", "case 'e' is missing"), e.problems());
        assertTrue(e.getMessage().contains("12 problems: row 2") && e.getMessage().endsWith("; and 9 more"),
                e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'' | is empty",
            "a,b | has no column 'case_id'; its columns are a, b",
            "case_id,A,A | has two columns 'A'",
            "case_id,,A | column 2 has no name",
            "case_id | cannot be used: there is no name that is not empty",
            "case_id,A | has no scores"})
    void tablesWithoutScores(String text, String message) throws IOException {
        ModelException e = refused(write("s.csv", text), List.of(), ANY);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void filesThatAreNotTables() throws IOException {
        Path binary = temp.resolve("b.csv");
        Files.write(binary, new byte[]{1, 0, 2});
        assertTrue(refused(binary, List.of(), ANY).getMessage().contains("zero bytes"));
        Files.write(binary, "case_id,Ä\n".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(refused(binary, List.of(), ANY).getMessage().contains("is not UTF-8"));
        assertTrue(refused(temp.resolve("none.csv"), List.of(), ANY).getMessage().contains("missing"));
        assertTrue(refused(temp, List.of(), ANY).getMessage().contains("is not a file"));
        Path quotes = write("q.csv", "case_id,A\n\"a\"x,0.5\n");
        assertTrue(refused(quotes, List.of(), ANY).getMessage().length() > 0);
        Path unclosed = write("u.csv", "case_id,A\na,0.5\n\"b,0.5\nc,0.5\n");
        assertTrue(refused(unclosed, List.of("a", "b", "c"), ANY).problems().size() >= 2);
        Path huge = write("h.csv", "case_id,A\n\"" + "x".repeat(20_000_000));
        assertTrue(refused(huge, List.of(), ANY).getMessage().length() < 300);
    }

    @Test
    void jsonLines() throws IOException {
        Path file = write("s.jsonl", String.join("\r\n", "\uFEFF{\"case_id\": \"a\", \"A\": 0.5, \"B\": 1}", "",
                "{\"case_id\": \"b\", \"scores\": {\"B\": 0.25, \"A\": 0}}"));
        ScoreFile s = ScoreFile.read(file, List.of("a", "b"), ANY);
        assertEquals(List.of("A", "B"), s.spec().names());
        assertArrayEquals(new double[]{0, 0.25}, s.scores().get("b").probabilities());
        Path bad = write("t.ndjson", """
                {"case_id": "a", "A": 0.5}
                {"case_id": "b", "A": "0.5"}
                {"case_id": "c"}
                {"case_id": "d", "A": 1, "A": 2}
                ["e"]
                {"case_id": 6, "A": 0.5}
                {"case_id": "a", "A": 2}
                """);
        ModelException e = refused(bad, List.of(), ANY);
        assertEquals(7, e.problems().size(), e.problems().toString());
        assertEquals("row 2, key 'A': \"0.5\" is not a number", e.problems().get(0));
        assertTrue(e.problems().get(2).startsWith("row 4 is not valid JSON: Duplicate"), e.problems().get(2));
        assertTrue(refused(write("e.jsonl", "\n"), List.of(), ANY).getMessage().contains("has no scores"));
    }

    @Test
    void segmentationHasNoScores() throws IOException {
        Path file = write("s.csv", "case_id,A\na,0.5\n");
        OutputSpec masks = new OutputSpec(ModelUnderTest.Kind.SEGMENTATION, null, Values.LABELS,
                OutputSpec.Activation.SIGMOID, 0, List.of(), Map.of(), InputSpec.Layout.NCHW);
        assertTrue(refused(file, List.of(), masks).getMessage().contains("the task is segmentation"));
    }
}
