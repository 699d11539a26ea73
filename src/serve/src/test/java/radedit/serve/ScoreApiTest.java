package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.FilmOptions;
import radedit.imaging.Films;
import radedit.imaging.Loader;
import radedit.imaging.Picture;
import radedit.imaging.WindowChoice;
import radedit.pipeline.Scorer;

class ScoreApiTest {
    @TempDir
    private Path folder;

    private static ServerOptions scoring(Path folder) throws IOException {
        ServerOptions o = TestServer.options(folder, TestServer.LIMITS, null);
        return new ServerOptions(TestServer.model(), o.run(), o.address(), 0, List.of(), folder, null, o.limits());
    }

    @Test
    void scoresAndMapsAreTheLibrarys() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(64, 48));
        byte[] other = TestServer.png(TestServer.picture(80, 48));
        Path file = folder.resolve("film.png");
        Files.write(file, png);
        try (TestServer s = new TestServer(scoring(folder.resolve("server")));
                Scorer scorer = Scorer.open(TestServer.model(), TestServer.RUN)) {
            assertTrue(s.json("/api/v1/about").at("/model/scores").asBoolean());
            String film = s.film(png);
            JsonNode job = s.done(s.post(202, "/api/v1/scores", "{\"film\":\"" + film
                    + "\",\"texts\":[\"Cardiomegaly\",\"Pleural effusion\"],\"original\":\"" + s.film(other)
                    + "\",\"original_text\":\"Clear\"}").get("id").asText());
            double[] embedded = scorer.film(Films.read(file, new FilmOptions(Loader.HIML, 0, WindowChoice.FROM_FILE)))
                    .embedding();
            assertEquals(2, job.get("scores").size());
            for (JsonNode score : job.get("scores")) {
                assertEquals(Scorer.cosine(embedded, scorer.text(List.of(score.get("text").asText()))),
                        score.get("score").asDouble());
                Picture map = TestServer.read(s.get("/api/v1/jobs/" + job.get("id").asText() + "/results/1/"
                        + score.get("map").asText()));
                assertEquals(64, map.width());
                assertEquals(48, map.height());
            }
            assertTrue(job.at("/scores/0/score").asDouble() >= job.at("/scores/1/score").asDouble());
            assertEquals(1, job.at("/scores/0/rank").asInt());
            assertTrue(job.get("edit_score").isNumber());
            assertEquals(404, s.send("GET", "/api/v1/jobs/" + job.get("id").asText() + "/results/1/pixels", null, null)
                    .statusCode());

            JsonNode edit = s.done(s.start(TestServer.edit(film).put("original_text", "Pneumothorax").put("tries", 2)
                    .put("min_score", 1)));
            JsonNode r = edit.at("/results/0");
            assertTrue(r.get("image_text_score").isNumber() && r.get("edit_score").isNumber());
            assertEquals("false", r.get("passed").asText());
            String result = "/api/v1/jobs/" + edit.get("id").asText() + "/results/1/";
            assertEquals(r.get("width").asInt(), TestServer.read(s.get(result + "similarity.png")).width());
            JsonNode grid = s.json(result + "similarity.json");
            assertEquals(grid.get("columns").asInt() * grid.get("rows").asInt(), grid.get("values").size());
        }
    }

    @Test
    void aModelWithoutImageEncoderSaysSo() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            String film = s.film(TestServer.png(TestServer.picture(40, 40)));
            assertTrue(
                    s.post(422, "/api/v1/scores", "{\"film\":\"" + film + "\",\"texts\":[\"x\"]}").get("error").asText()
                            .contains("no image encoder"));
            assertEquals("false", s.json("/api/v1/about").at("/model/scores").asText());
        }
    }
}
