package radedit.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    @TempDir
    private Path folder;

    private Manifest read(String name, String text) throws IOException {
        return Manifest.read(Files.writeString(folder.resolve(name), text));
    }

    private List<Problem> problems(String name, String text) {
        return assertThrows(ManifestException.class, () -> read(name, text).whole()).problems();
    }

    @ParameterizedTest
    @ValueSource(strings = {"case_id,prompt\na,\"One, two\"\n\"b\",\"x\ny\"\n",
            "\uFEFFcase_id,prompt\r\na,\"One, two\"\r\nb,\"x\ny\"\r\n",
            "case_id;prompt\na;One, two\n\nb;\"x\ny\"",
            "case_id\tprompt\n a \tOne, two\nb\t\"x\ny\"\n"})
    void tablesOfAllKinds(String text) throws IOException {
        Manifest m = read("m.csv", text);
        assertEquals(List.of("case_id", "prompt"), m.columns());
        assertEquals("One, two", m.rows().get(0).first("prompt"));
        assertEquals("a", m.rows().get(0).first("case_id"));
        assertEquals("x\ny", m.rows().get(1).first("prompt"));
        assertEquals(2, m.rows().size());
        assertEquals(folder, m.folder());
    }

    @Test
    void severalValuesOfAColumn() throws IOException {
        Manifest m = read("m.csv", "prompt,weight,prompt.2,weight.2,own.2\nA,1,B,2,x\nC,,,3,\n");
        assertEquals(List.of("A", "B"), m.rows().get(0).all("prompt"));
        assertEquals(List.of("3"), m.rows().get(1).all("weight"));
        assertEquals("x", m.rows().get(0).first("own.2"), "a number alone makes no further value");
        Manifest j = read("m.jsonl", "{\"prompt\": [\"A\", \"B\"], \"weight\": [1, 2.50], \"flag\": true,"
                + " \"none\": null}\r\n\n{\"prompt\": \"\u00e9\"}");
        assertEquals(List.of("A", "B"), j.rows().get(0).all("prompt"));
        assertEquals(List.of("1", "2.50"), j.rows().get(0).all("weight"));
        assertEquals("true", j.rows().get(0).first("flag"));
        assertEquals(List.of(), j.rows().get(0).all("none"));
        assertEquals("\u00e9", j.rows().get(1).first("prompt"));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        assertEquals(List.of("row 1: has 1 cells, the header 2; text with a separator in it needs quotes",
                "row 3: has 3 cells, the header 2; text with a separator in it needs quotes"),
                problems("m.csv", "a,b\n1\n1,2\n1,2,3\n").stream().map(Problem::toString).toList());
        assertEquals(List.of("column a: is there twice; further values of one column are called a.2, a.3",
                "column 3 has no name"),
                problems("m.csv", "a,a,\n1,2,3\n").stream().map(Problem::toString).toList());
        List<Problem> json = problems("m.jsonl", "{\"a\": 1}\n{oops\n[1]\n{\"a\": {\"b\": 1}}\n{\"a\":1,\"a\":2}\n");
        assertEquals(List.of(2, 3, 4, 5), json.stream().map(Problem::row).toList(), json::toString);
        assertTrue(json.stream().noneMatch(p -> p.text().contains("line")), "rows are what is counted");
    }

    @ParameterizedTest
    @CsvSource({"m.csv, '', has no rows", "m.csv, a, has no rows", "m.jsonl, '', has no rows",
            "m.xlsx, 'a', .csv", "m.csv, 'a\0b', UTF-8"})
    void whatIsNoManifest(String name, String text, String why) {
        String message = problems(name, text.replace("\\0", "\0")).toString();
        assertTrue(message.contains(why), message);
    }

    @Test
    void otherEncodingsAreRefused() throws IOException {
        Path file = Files.write(folder.resolve("m.csv"), "prompt\n\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(assertThrows(ManifestException.class, () -> Manifest.read(file)).getMessage().contains("UTF-8"));
        Path wide = Files.write(folder.resolve("w.csv"), "prompt\nx\n".getBytes(StandardCharsets.UTF_16));
        assertThrows(ManifestException.class, () -> Manifest.read(wide));
    }

    @Test
    void aMillionFaultsMakeAShortMessage() {
        String text = "a,b\n" + "x\n".repeat(100_000);
        String message = assertThrows(ManifestException.class, () -> read("m.csv", text).whole()).getMessage();
        assertEquals(51, message.lines().count());
        assertTrue(message.endsWith("99950 more problems"), message);
    }

    @Test
    void anUnfinishedQuoteHidesTheRest() {
        assertEquals(List.of("a quote is opened in row 1 and never closed"),
                problems("m.csv", "a,b,c\n\"1,2,3\n4,5,6\n").stream().map(Problem::toString).toList());
        assertEquals(List.of("a quote is opened in the header and never closed"),
                problems("m.csv", "a,\"b,c\n1,2,3\n").stream().map(Problem::toString).toList());
    }

    @Test
    void aFolderIsNoManifest() {
        assertEquals("is a folder; a table is expected",
                assertThrows(ManifestException.class, () -> Manifest.read(folder)).problems().getFirst().text());
    }

    @Test
    void anUnfinishedQuote() {
        assertEquals(1, problems("m.csv", "a,b\n1,\"2\n").size());
    }
}
