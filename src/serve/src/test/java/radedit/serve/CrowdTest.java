package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

/** Many clients at once. */
class CrowdTest {
    private static final int CLIENTS = 50;

    @TempDir
    private Path folder;

    /** Everybody uploads a film, paints, edits, follows the job and gets a result that is their own. */
    @Test
    void fiftyClientsLoseNoJob() throws Exception {
        ServerOptions.Limits l = TestServer.LIMITS;
        try (TestServer s = new TestServer(folder,
                new ServerOptions.Limits(l.uploadBytes(), l.filmPixels(), CLIENTS, CLIENTS,
                        CLIENTS));
                ExecutorService all = Executors.newVirtualThreadPerTaskExecutor()) {
            s.done(s.start(TestServer.edit(s.film(TestServer.png(TestServer.picture(32, 32)))).put("steps", 2)));
            long before = used();
            List<Future<String>> clients = new ArrayList<>();
            for (int k = 1; k < CLIENTS; k++) {
                int width = 32 + k;
                clients.add(all.submit(() -> client(s, width)));
            }
            Set<String> jobs = new TreeSet<>();
            for (Future<String> c : clients) {
                jobs.add(c.get());
            }
            assertEquals(CLIENTS - 1, jobs.size());
            assertEquals(CLIENTS, s.json("/api/v1/jobs").size());
            assertTrue(used() - before < 64 << 20, "memory grows by " + (used() - before));
            HttpResponse<byte[]> r = s.post("/api/v1/generations", "{\"prompts\":[\"x\"],\"steps\":1}");
            assertEquals(507, r.statusCode());
            assertEquals(507,
                    s.send("POST", "/api/v1/films", null, TestServer.png(TestServer.picture(32, 32))).statusCode());
            assertEquals(List.of(), s.log);
        }
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static String client(TestServer s, int width) {
        byte[] png = TestServer.png(TestServer.picture(width, 32));
        String film = s.film(png);
        String mask = s.post(201, "/api/v1/films/" + film + "/masks", "{\"source\":\"box:4,4,20,20\"}").get("id")
                .asText();
        JsonNode job = s
                .done(s.start(TestServer.edit(film).put("edit_mask", mask).put("steps", 2).put("native", true)
                        .put("fit", "pad")));
        assertEquals(width, job.at("/results/0/width").asInt());
        assertTrue(job.at("/results/0/unchanged_outside").asBoolean());
        assertEquals(film, job.at("/request/film").asText());
        return job.get("id").asText();
    }

    @Test
    void twoClientsShareOneQueue() throws Exception {
        try (TestServer a = new TestServer(folder);
                java.net.http.HttpClient b = java.net.http.HttpClient.newHttpClient()) {
            String film = a.film(TestServer.png(TestServer.picture(40, 40)));
            String first = a.start(TestServer.edit(film).put("steps", 30));
            String second = a.start(TestServer.edit(film).put("seed", 1));
            byte[] events = b
                    .send(java.net.http.HttpRequest.newBuilder(a.uri("/api/v1/jobs/" + first + "/events")).build(),
                            HttpResponse.BodyHandlers.ofByteArray())
                    .body();
            assertTrue(new String(events).contains("\"state\":\"done\""));
            JsonNode one = a.done(first);
            JsonNode two = a.done(second);
            assertTrue(one.get("finished").asText().compareTo(two.get("started").asText()) <= 0,
                    "one at a time, in turn");
            assertArrayEquals(a.get("/api/v1/jobs/" + second + "/results/1/before.png"),
                    a.get("/api/v1/jobs/" + first + "/results/1/before.png"));
        }
    }

    @Test
    void theQueueIsLimited() throws IOException {
        ServerOptions.Limits l = TestServer.LIMITS;
        try (TestServer s = new TestServer(folder,
                new ServerOptions.Limits(l.uploadBytes(), l.filmPixels(), 2, l.films(), l.jobs()))) {
            String film = s.film(TestServer.png(TestServer.picture(40, 40)));
            String running = s.start(TestServer.edit(film).put("steps", 1000).put("count", 16));
            while (!s.json("/api/v1/jobs/" + running).get("state").asText().equals("running")) {
                Thread.onSpinWait();
            }
            String waiting = s.start(TestServer.edit(film));
            s.start(TestServer.edit(film));
            HttpResponse<byte[]> r = s.post("/api/v1/edits", TestServer.edit(film).toString());
            assertEquals(429, r.statusCode());
            assertTrue(Integer.parseInt(r.headers().firstValue("Retry-After").orElseThrow()) >= 1);
            assertTrue(TestServer.text(r).contains("the queue is full"));
            assertEquals(3, s.json("/api/v1/jobs").size());
            s.post(202, "/api/v1/jobs/" + waiting + "/cancel", "");
            s.start(TestServer.edit(film));
        }
    }
}
