package radedit.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.checkpoint.DemoModel;
import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.tools.phantom.Captions;
import radedit.tools.phantom.Phantom;

/** Which words a text encoder does not know, and which it was perhaps meant to be. */
class UnknownWordsTest {
    private static List<String> tokens() {
        try {
            return WordPiece.readVocabulary(Path.of("src/core/src/main/resources/radedit/synthetic/vocab.txt"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A vocabulary of the published one's size: the small one, and words that resemble nothing. */
    private static WordPiece large() {
        List<String> all = new ArrayList<>(tokens());
        Random r = new Random(3);
        Set<String> seen = new java.util.HashSet<>(all);
        while (all.size() < 30_522) {
            String w = r.ints(4 + r.nextInt(9), 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            if (seen.add(w)) {
                all.add(w);
            }
        }
        return new WordPiece(all, true);
    }

    private final WordPiece small = new WordPiece(tokens(), true);
    /** Of a model that has learnt all words of its vocabulary and some in pieces. */
    private final UnknownWords strict = new UnknownWords(small,
            Stream.concat(small.wholeWords(2).stream(), Stream.of("are", "lungs", "on")).collect(Collectors.toSet()));
    private final UnknownWords lenient = new UnknownWords(small);

    private static List<String> words(UnknownWords of, String text) {
        return UnknownWords.words(of.find(text));
    }

    private static String corrected(UnknownWords of, String text) {
        return UnknownWords.corrected(text, of.find(text)).orElse("-");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"plueral efusion|plueral efusion|pleural effusion",
            "Elephant riding a bicycle|Elephant riding bicycle|-", "\u00c9panchement pleural|\u00c9panchement|-",
            "\u80f8\u8154\u79ef\u6db2|\u80f8\u8154\u79ef\u6db2|-",
            "Derrame pleural izquierdo|Derrame izquierdo|-",
            "\u0420\u0435\u043d\u0442\u0433\u0435\u043d|\u0420\u0435\u043d\u0442\u0433\u0435\u043d|-",
            "\ud55c\uad6d\uc5b4 effusion|\ud55c\uad6d\uc5b4|-", "effusion \ud83e\udec1|\ud83e\udec1|-",
            "Large left-sidde effusion|sidde|Large left-sided effusion",
            "PLUERAL Efusion. Pnuemothroax!|PLUERAL Efusion Pnuemothroax|PLEURAL Effusion. Pneumothorax!",
            "e\u0301ffusion effu\u00adsion|''|-", "No 12 T2 c 5cm 1.5 % - (L) \u00df \u00e9|''|-",
            "Lungs are clear. Consolidation on the left|''|-", "cardiomegali|cardiomegali|cardiomegaly",
            "plueral plueral|plueral|pleural pleural", "[MASK] edema [SEP]|''|-", "[UNK]|''|-", "''|''|-"})
    void ofAModelThatListsItsWords(String text, String unknown, String corrected) {
        assertEquals(unknown, String.join(" ", words(strict, text)));
        assertEquals(corrected, corrected(strict, text));
    }

    @Test
    void nearWordsAreNearestFirstAndWhole() {
        assertEquals(List.of("effusion", "effusions"), strict.find("effusoin").getFirst().suggestions());
        assertEquals("silhouette", strict.find("silhouete").getFirst().suggestions().getFirst());
        assertEquals(List.of(), strict.find("hippopotamus").getFirst().suggestions());
        assertTrue(strict.find("lus").getFirst().suggestions().size() <= 3);
    }

    @Test
    void wordsKnowTheirPlace() {
        String text = "No  Plu\u0301eral-e\u00adfusion";
        List<UnknownWords.Unknown> found = strict.find(text);
        assertEquals(2, found.size());
        for (UnknownWords.Unknown u : found) {
            assertEquals(u.word(), text.substring(u.start(), u.end()));
        }
        assertEquals("No  Pleural-effusion", corrected(strict, text));
    }

    /** What the demo model's captions are made of is known to it: none of them is warned of. */
    @Test
    void captionsOfTheDemoModel(@TempDir Path temp) throws IOException {
        ModelFolder model = ModelFolder.of(DemoModel.folder(Map.of("RADEDIT_HOME", temp.toString())));
        WordPiece tokenizer = new WordPiece(
                WordPiece.readVocabulary(model.get(Part.TOKENIZER).resolve("vocab.txt")), true);
        UnknownWords unknown = new UnknownWords(tokenizer, model.learntWords().orElseThrow());
        for (int i = 0; i < 500; i++) {
            String caption = Captions.draw(Phantom.draw(i), new SplittableRandom(i)).text();
            assertEquals(List.of(), unknown.find(caption), caption);
        }
        // Words of the vocabulary that no caption has are as strange to it as any.
        assertEquals(List.of("scoliosis"), UnknownWords.words(unknown.find("scoliosis")));
        assertEquals(List.of("Severe", "oedema"), UnknownWords.words(unknown.find("Severe oedema in the left lung")));
    }

    /** A tokenizer from elsewhere has other words; the model's own list says nothing about it. */
    @Test
    void theListIsForTheModelsOwnTokenizer(@TempDir Path temp) throws IOException {
        Files.writeString(temp.resolve("model_index.json"), "{\"_learnt_words\": [\"on\"]}");
        ModelFolder model = ModelFolder.of(temp);
        assertEquals(Set.of("on"), model.learntWords().orElseThrow());
        assertTrue(model.with(Part.TOKENIZER, temp).learntWords().isEmpty());
        Files.writeString(temp.resolve("model_index.json"), "{}");
        assertTrue(model.learntWords().isEmpty());
        assertTrue(ModelFolder.of(null).learntWords().isEmpty());
    }

    /** The small vocabulary has ordinary words in pieces only. */
    @ParameterizedTest
    @ValueSource(strings = {"Small right-sided pleural effusion", "No acute cardiopulmonary process",
            "There is no focal consolidation, pleural effusion or pneumothorax.", "COVID-19 pneumonia; ICD in place",
            "The cardiomediastinal silhouette is within normal limits.", "Mild pulmonary vascular congestion",
            "The lungs are clear without evidence of pneumonia.", "Interval improvement in pulmonary edema",
            "Endotracheal tube tip terminates 3 cm above the carina", "12.5mm nodule (RUL)",
            "Right internal jugular central venous catheter with tip in the mid SVC"})
    void ordinarySentencesWithASmallVocabulary(String text) {
        assertEquals(List.of(), lenient.find(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plueral efusion", "Elephant riding a bicycle", "\u00c9panchement pleural gauche",
            "\u80f8\u8154\u79ef\u6db2", "large pleural effusion \u80ba",
            "no acute cardiopulmonary process \ud83d\ude00"})
    void whatIsFarBeyondIt(String text) {
        assertTrue(!lenient.find(text).isEmpty());
    }

    /** 10 % more tokens than words are six times what reports have. */
    @Test
    void shareOfAPublishedVocabulary() {
        UnknownWords unknown = new UnknownWords(large());
        assertEquals(List.of("plueral"), words(unknown, "Large left-sided plueral effusion"));
        String report = "no acute process. there is no focal consolidation. heart size is normal. no pneumonia is"
                + " likely. normal size of the heart. pacemaker, leads in place";
        assertEquals(List.of(), words(unknown, report + ". lungs clear"), "one piece more in 25 words");
        assertEquals(List.of("lungs", "lobes", "costophrenic"), words(unknown, report + ". lungs lobes costophrenic"));
        assertEquals(List.of("\u80ba"), words(unknown, report + " " + report + " \u80ba"), "[UNK] always");
    }

    @Test
    void nearWordsAreFoundSoon() {
        UnknownWords unknown = new UnknownWords(large());
        assertTimeout(Duration.ofSeconds(5), () -> {
            for (int i = 0; i < 20; i++) {
                assertEquals("pneumothorax", unknown.find("pnuemothroax").getFirst().suggestions().getFirst());
            }
        });
    }
}
