package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import radedit.imaging.Mask;
import radedit.pipeline.InvalidRequestException;

/** What a server knows outlives it. */
class RestartTest {
    @TempDir
    private Path folder;

    @Test
    void filmsMasksAndJobsSurvive() throws IOException {
        byte[] png = TestServer.png(TestServer.picture(40, 40));
        String film;
        String mask;
        JsonNode done;
        byte[] result;
        String running;
        String waiting;
        try (TestServer s = new TestServer(folder)) {
            film = s.film(png);
            mask = s.post(201, "/api/v1/films/" + film + "/masks", "{\"source\":\"box:1,2,9,9\"}").get("id").asText();
            s.send("PUT", "/api/v1/films/" + film + "/drafts/keep", "image/png", Pngs.of(Mask.filled(40, 40, true)));
            done = s.done(s.start(TestServer.edit(film)));
            result = s.get("/api/v1/jobs/" + done.get("id").asText() + "/results/1/result.png");
            running = s.start(TestServer.edit(film).put("steps", 1000).put("count", 16));
            waiting = s.start(TestServer.edit(film).put("edit_mask", mask));
            while (!s.json("/api/v1/jobs/" + running).get("state").asText().equals("running")) {
                Thread.onSpinWait();
            }
        }
        try (TestServer s = new TestServer(folder)) {
            assertEquals(1, s.json("/api/v1/films").size());
            assertEquals(40 * 40 * 2, s.get("/api/v1/films/" + film + "/pixels").length);
            assertEquals(81, s.json("/api/v1/masks/" + mask).get("count").asInt());
            assertEquals(Mask.filled(40, 40, true),
                    Mask.of(TestServer.read(s.get("/api/v1/films/" + film + "/drafts/keep"))));
            assertEquals(done, s.json("/api/v1/jobs/" + done.get("id").asText()));
            assertArrayEquals(result, s.get("/api/v1/jobs/" + done.get("id").asText() + "/results/1/result.png"));
            JsonNode interrupted = s.json("/api/v1/jobs/" + running);
            assertEquals("interrupted", interrupted.get("state").asText());
            assertTrue(interrupted.get("error").asText().contains("post its request again"));
            s.done(waiting);
            assertEquals(List.of(), s.log);
        }
    }

    /** A process that was killed leaves what it was writing, and jobs that seem to run. */
    @Test
    void whatAKilledServerLeavesIsPutRight() throws IOException {
        String job;
        String film;
        try (TestServer s = new TestServer(folder)) {
            film = s.film(TestServer.png(TestServer.picture(40, 40)));
            job = s.done(s.start(TestServer.edit(film))).get("id").asText();
        }
        Path about = folder.resolve("jobs").resolve(job).resolve("job.json");
        Files.writeString(about, Files.readString(about).replace("\"done\"", "\"running\""));
        Path part = Files
                .createDirectories(folder.resolve("jobs").resolve(job).resolve("results").resolve(".2.7.part"));
        Files.createDirectories(folder.resolve("films").resolve("." + Ids.random() + ".7.part"));
        Files.createDirectories(folder.resolve("films").resolve(".upload123"));
        String damaged = Ids.random();
        Files.createDirectories(folder.resolve("films").resolve(damaged));
        Files.createDirectories(folder.resolve("jobs").resolve(Ids.random()));
        Files.writeString(folder.resolve("jobs").resolve("notes.txt"), "a stranger's file");
        try (TestServer s = new TestServer(folder)) {
            assertEquals("interrupted", s.json("/api/v1/jobs/" + job).get("state").asText());
            assertEquals(1, s.json("/api/v1/jobs/" + job).get("results").size());
            assertEquals(1, s.json("/api/v1/films").size());
            assertFalse(Files.exists(part));
            assertEquals(2, s.log.size(), s.log::toString);
            try (var all = Files.list(folder.resolve("films"))) {
                assertEquals(List.of(damaged, film).stream().sorted().toList(),
                        all.map(p -> p.getFileName().toString()).sorted().toList());
            }
        }
        assertEquals("a stranger's file", Files.readString(folder.resolve("jobs").resolve("notes.txt")));
    }

    @Test
    void oneServerUsesAFolder() throws IOException {
        TestServer first = new TestServer(folder);
        try (first) {
            InvalidRequestException e = assertThrows(InvalidRequestException.class, () -> new TestServer(folder));
            assertTrue(e.getMessage().contains("another server uses this folder"), e.getMessage());
            int port = first.server.address().getPort();
            ServerOptions o = TestServer.options(folder.resolve("other"), TestServer.LIMITS, null);
            ServerOptions same = new ServerOptions(o.model(), o.run(), o.address(), port, o.names(), o.folder(), null,
                    o.limits());
            assertTrue(assertThrows(InvalidRequestException.class, () -> new TestServer(same)).getMessage()
                    .contains("port " + port));
        }
        new TestServer(folder).close();
    }
}
