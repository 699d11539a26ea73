package radedit.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.testdata.TestData;

class WordPieceTest {
    private final WordPiece tokenizer = new WordPiece(vocabulary(), true);

    private static List<String> vocabulary() {
        try {
            return WordPiece.readVocabulary(Path.of("src/core/src/main/resources/radedit/synthetic/vocab.txt"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** With the byte order mark and line ends of Windows editors. */
    @Test
    void vocabulariesMayHaveOtherLineEndsAndAMark(@TempDir Path temp) throws IOException {
        Path file = Files.writeString(temp.resolve("vocab.txt"), "\uFEFF[PAD]\r\n[UNK]\r\na b\r\n");
        assertEquals(List.of("[PAD]", "[UNK]", "a b"), WordPiece.readVocabulary(file));
    }

    @Test
    void agreesWithBertTokenizer() throws IOException {
        JsonNode rows = new ObjectMapper().readTree(TestData.reference("tokenizer.json").toFile());
        assertEquals(27, rows.size());
        for (JsonNode row : rows) {
            int[] expected = new int[WordPiece.LENGTH];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = row.get("ids").get(i).asInt();
            }
            assertArrayEquals(expected, tokenizer.encode(row.get("text").asText()).ids(), row.get("text").toString());
        }
    }

    /**
     * Every code point of the first three planes between two letters. The checksum is that of BertTokenizer's first 16
     * ids for the same texts, each as two big-endian bytes.
     */
    @Test
    void agreesOnEveryCharacter() {
        CRC32 crc = new CRC32();
        for (int c = 0; c < 0x30000; c++) {
            if (c < 0xD800 || c >= 0xE000) {
                int[] ids = tokenizer.encode("a" + Character.toString(c) + "b").ids();
                for (int i = 0; i < 16; i++) {
                    crc.update(ids[i] >> 8);
                    crc.update(ids[i]);
                }
            }
        }
        assertEquals(0x0C4EB462L, crc.getValue());
    }

    @Test
    void countsWhatDoesNotFit() {
        Encoding e = tokenizer.encode("effusion ".repeat(200));
        assertEquals(WordPiece.LENGTH, e.length());
        assertEquals(200 - 126, e.dropped());
        assertEquals(0, tokenizer.encode("").dropped());
        assertEquals(2, tokenizer.encode("").length());
    }

    @Test
    void demandsTheSpecialTokens() {
        assertThrows(IllegalArgumentException.class,
                () -> new WordPiece(List.of("[PAD]", "[UNK]", "[CLS]", "a"), true));
    }

    /** Normalising each character with its marks equals normalising the whole text; and words carry their positions. */
    @Test
    void wordsAreThoseOfTheWholeTextNormalised() {
        Random random = new Random(7);
        String signs = "aE \u00e9\u1ea4-\u0301\u0323\u0315\u302e\u302f\u0344\u09c7\u09be\uac01\u1ed9\u0f73\u0488"
                + "\ud834\udd57\ud834\udd65\ud834\udd6e\ud800\udfe0\u05b0\u05d0\ufb2c\u0130\u037e\u1fef\u2000";
        int[] points = signs.codePoints().toArray();
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int k = random.nextInt(12); k >= 0; k--) {
                text.appendCodePoint(points[random.nextInt(points.length)]);
            }
            StringBuilder whole = new StringBuilder();
            Normalizer.normalize(text, Normalizer.Form.NFD).codePoints()
                    .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(c -> whole.appendCodePoint(Character.toLowerCase(c)));
            List<BasicTokenizer.Span> words = BasicTokenizer.split(text.toString(), true);
            assertEquals(BasicTokenizer.split(whole.toString(), false).stream().map(BasicTokenizer.Span::word).toList(),
                    words.stream().map(BasicTokenizer.Span::word).toList(), text.toString());
            int at = 0;
            for (BasicTokenizer.Span w : words) {
                assertTrue(w.start() >= 0 && w.start() < w.end() && w.end() <= text.length(), text.toString());
                assertTrue(w.end() >= at, "in order");
                at = w.end();
            }
        }
    }
}
