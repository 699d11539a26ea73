package radedit.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.imaging.Film;
import radedit.imaging.Films;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.imaging.Picture;
import radedit.synthetic.SyntheticModel.Size;
import radedit.testdata.TestData;
import radedit.testkit.Fixtures;
import radedit.weights.WeightsException;

/** From files of films to scores and maps, against hi-ml-multimodal's inference engines with the same weights. */
class ScorerTest {
    /** What the whole way from file to score may differ by. */
    private static final double TOLERANCE = 1e-5;

    private static ModelFolder model;
    private static Scorer scorer;
    private static JsonNode expected;

    @BeforeAll
    static void open() throws IOException {
        model = ModelFolder.of(Fixtures.model(Size.TINY)).with(Part.TEXT_ENCODER, Fixtures.jointTextEncoder());
        scorer = Scorer.open(model, RunOptions.DEFAULT);
        expected = new ObjectMapper().readTree(TestData.resource("/score/expected.json").toFile());
    }

    @AfterAll
    static void close() {
        scorer.close();
    }

    private static Film film(String name) throws IOException {
        return Films.read(TestData.resource(switch (name) {
            case "square.png" -> "/cxr/00000001_000.png";
            case "rgb.jpg" -> "/cxr/16747_3_1.jpg";
            default -> "/score/" + name;
        }));
    }

    private static List<String> texts(JsonNode row) {
        List<String> all = new ArrayList<>();
        row.get("texts").forEach(t -> all.add(t.asText()));
        return all;
    }

    @Test
    void scoresAndMapsAreHiMls() throws IOException {
        double worst = 0;
        double worstOfMap = 0;
        int maps = 0;
        for (JsonNode row : expected) {
            if (row.has("kind")) {
                continue;
            }
            Scorer.FilmEmbedding film = scorer.film(film(row.get("file").asText()));
            double[] text = scorer.text(texts(row));
            double error = Math.abs(Scorer.cosine(film.embedding(), text) - row.get("score").asDouble());
            assertTrue(error < TOLERANCE, row.get("file") + ": " + error);
            worst = Math.max(worst, error);
            for (SimilarityMap.Interpolation how : SimilarityMap.Interpolation.values()) {
                if (row.has("map_" + how)) {
                    worstOfMap = Math.max(worstOfMap, compare(row.get("map_" + how), scorer.map(film, text, how)));
                    maps++;
                }
            }
        }
        assertEquals(10, maps);
        System.out.printf("scores: worst difference from hi-ml %.1e, of the maps %.1e%n", worst, worstOfMap);
        assertTrue(worstOfMap < TOLERANCE, "maps: " + worstOfMap);
    }

    private static double compare(JsonNode row, SimilarityMap map) {
        assertEquals(row.get("shape").toString(), "[" + map.height() + "," + map.width() + "]");
        double sum = 0;
        int nan = 0;
        for (double v : map.values()) {
            nan += Double.isNaN(v) ? 1 : 0;
            sum += Double.isNaN(v) ? 0 : v;
        }
        assertEquals(row.get("nan").asInt(), nan);
        double worst = Math.abs(sum - row.get("sum").asDouble()) / map.values().length;
        for (JsonNode s : row.get("samples")) {
            double v = map.values()[s.get(0).asInt() * map.width() + s.get(1).asInt()];
            assertEquals(s.get(2).isNull(), Double.isNaN(v));
            worst = Double.isNaN(v) ? worst : Math.max(worst, Math.abs(v - s.get(2).asDouble()));
        }
        return worst;
    }

    @Test
    void pairsAndEditsAreHiMls() throws IOException {
        for (JsonNode row : expected) {
            if (row.path("kind").asText().equals("pair")) {
                double[] pair = scorer.pair(film(row.get("image").asText()), film(row.get("previous").asText()))
                        .embedding();
                double[] text = scorer.text(List.of(row.get("text").asText()));
                assertEquals(row.get("score").asDouble(), Scorer.cosine(pair, text), TOLERANCE);
            } else if (row.path("kind").asText().equals("edit")) {
                double score = Scorer.editScore(scorer.film(film(row.get("edited").asText())).embedding(),
                        scorer.film(film(row.get("original").asText())).embedding(),
                        scorer.text(List.of(row.get("text").asText())),
                        scorer.text(List.of(row.get("original_text").asText())));
                assertEquals(row.get("score").asDouble(), score, TOLERANCE);
            }
        }
    }

    @Test
    void aBatchGivesWhatSingleFilmsGive() throws IOException {
        List<Film> films = List.of(film("tall.png"), film("wide.png"), film("tall.png"), film("square.png"),
                film("wide.png"));
        List<Scorer.FilmEmbedding> together = scorer.films(films);
        for (int i = 0; i < films.size(); i++) {
            assertArrayEquals(scorer.film(films.get(i)).embedding(), together.get(i).embedding());
        }
    }

    @Test
    void positiveSimilarityIsSharedOut() {
        SimilarityMap map = new SimilarityMap(2, 2, new double[]{0.5, -1, 0.25, Double.NaN});
        assertEquals(2.0 / 3, map.positiveShare(new Mask(2, 2, new boolean[]{true, true, false, true})));
        assertTrue(Double.isNaN(new SimilarityMap(1, 1, new double[]{-1})
                .positiveShare(new Mask(1, 1, new boolean[]{true}))));
    }

    @Test
    void whatCannotBeJudgedIsRefused() {
        byte[] same = new byte[64 * 64];
        Arrays.fill(same, (byte) 77);
        assertThrows(InvalidInputException.class, () -> scorer.film(Film.of(new Picture(64, 64, 1, same), "same")));
        assertThrows(InvalidInputException.class,
                () -> scorer.film(Film.of(new Picture(31, 99, 1, new byte[31 * 99]), "small")));
        for (String text : List.of("", " ?!.", "a [CLS] b", "effusion ".repeat(511))) {
            assertThrows(InvalidRequestException.class, () -> scorer.text(List.of(text)), text);
        }
        assertEquals(128, scorer.text(List.of("effusion ".repeat(510))).length);
    }

    @Test
    void aModelWithoutImageEncoderSaysWhereItComesFrom() {
        ModelFolder without = ModelFolder.of(null).with(Part.TEXT_ENCODER, Fixtures.jointTextEncoder());
        WeightsException e = assertThrows(WeightsException.class,
                () -> Scorer.open(without, RunOptions.DEFAULT));
        assertTrue(e.getMessage().contains("weights convert"), e.getMessage());
    }

    /** New seeds until an edit passes; if none does, the best is the result and says so. */
    @Test
    void editsAreTriedUntilOnePasses() throws IOException {
        try (RadEdit radEdit = RadEdit.open(model, RunOptions.DEFAULT)) {
            Judgement judged = radEdit.edit(request().minScore(1).tries(3)).judgement();
            assertEquals(3, judged.tries().size());
            assertTrue(!judged.passed());
            List<Double> scores = judged.tries().stream().map(Judgement.Try::score).toList();
            assertEquals(scores.stream().mapToDouble(v -> v).max().orElseThrow(), judged.best().score());
            double between = scores.stream().sorted().toList().get(1);
            Result enough = radEdit.edit(request().minScore(between).tries(3));
            assertTrue(enough.judgement().passed());
            int needed = 1 + (int) scores.stream().takeWhile(v -> v < between).count();
            assertEquals(needed, enough.judgement().tries().size());
            long seed = (Long) enough.settings().getFirst().get("seed");
            assertEquals(enough.judgement().best().seed(), seed);
            assertArrayEquals(radEdit.edit(request().seed(seed)).images().data(), enough.images().data());
        }
    }

    private static EditRequest request() throws IOException {
        return new EditRequest(Images.read(TestData.reference("tiny/edit_image.png")),
                Mask.of(Images.read(TestData.reference("tiny/edit_edit_mask.png")))).prompt("Cardiomegaly")
                .originalText("No acute cardiopulmonary process").steps(4).seed(5);
    }

    @Test
    void withoutTheFilmsTextThereIsNoEditScore() throws IOException {
        try (RadEdit radEdit = RadEdit.open(model, RunOptions.DEFAULT)) {
            Judgement.Try t = radEdit.edit(request().originalText(null)).judgement().best();
            assertEquals(null, t.edit());
            assertTrue(Math.abs(t.imageText()) <= 1);
        }
    }
}
