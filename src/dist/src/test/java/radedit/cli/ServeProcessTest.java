package radedit.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process: it ends when it is told to, in the middle of a job, and the next one knows. */
class ServeProcessTest {
    private static final String LONG = "{\"prompts\":[\"Cardiomegaly\"],\"steps\":1000,\"count\":16}";

    @TempDir
    private Path temp;

    private final HttpClient client = HttpClient.newHttpClient();

    private record Serving(Process process, String page) {}

    private Serving serve() throws IOException {
        ProcessBuilder b = RadEditProcess.of(temp.resolve("home"), "serve", "--port", 0, "--model", "demo", "--folder",
                temp.resolve("data")).redirectError(temp.resolve("err").toFile());
        Process p = b.start();
        String page = new BufferedReader(new InputStreamReader(p.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertTrue(page != null && page.matches("http://localhost:\\d+/"), () -> page + error());
        return new Serving(p, page);
    }

    private String error() {
        try {
            return Files.readString(temp.resolve("err"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    @Test
    void endsInTheMiddleOfAJob() throws Exception {
        Serving first = serve();
        String id;
        try {
            id = send(HttpRequest.newBuilder(URI.create(first.page + "api/v1/generations"))
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString(LONG)))
                    .replaceFirst(".*?\"id\":\"([0-9a-f]{32})\".*", "$1");
            while (!send(job(first, id)).contains("\"phase\"")) {
                Thread.sleep(50);
            }
            first.process.destroy(); // SIGTERM, which ends a JVM as Ctrl-C does
            assertTrue(first.process.waitFor(10, TimeUnit.SECONDS), "ends");
        } finally {
            first.process.destroyForcibly();
        }
        Serving second = serve();
        try {
            assertTrue(send(job(second, id)).contains("\"state\":\"interrupted\""));
            assertEquals(1, error().lines().filter(l -> l.contains("Ctrl-C ends the server")).count());
        } finally {
            second.process.destroyForcibly().waitFor();
        }
    }

    private static HttpRequest.Builder job(Serving s, String id) {
        return HttpRequest.newBuilder(URI.create(s.page + "api/v1/jobs/" + id));
    }
}
