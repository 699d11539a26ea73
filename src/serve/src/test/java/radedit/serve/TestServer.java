package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.imageio.ImageIO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import radedit.checkpoint.ModelFolder;
import radedit.checkpoint.ModelFolder.Part;
import radedit.imaging.Images;
import radedit.imaging.Picture;
import radedit.pipeline.RunOptions;
import radedit.synthetic.SyntheticModel;
import radedit.testkit.Fixtures;

/** A server on a free port with a tiny model, and a client of it. */
final class TestServer implements AutoCloseable {
    static {
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,content-length");
    }

    static final ServerOptions.Limits LIMITS = new ServerOptions.Limits(8 << 20, 1 << 22, 20, 200, 500);
    static final RunOptions RUN = new RunOptions("cpu", 1, 0);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    final Server server;
    final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    final List<String> log = new ArrayList<>();
    final Path folder;

    TestServer(Path folder) throws IOException {
        this(folder, LIMITS);
    }

    TestServer(Path folder, ServerOptions.Limits limits) throws IOException {
        this(options(folder, limits, null));
    }

    TestServer(ServerOptions options) throws IOException {
        this.folder = options.folder();
        this.server = Server.open(options, (kind, r) -> kind + " " + r, log::add);
    }

    static ServerOptions options(Path folder, ServerOptions.Limits limits, String token) throws IOException {
        return new ServerOptions(model().without(Part.IMAGE_ENCODER), RUN,
                InetAddress.getLoopbackAddress(), 0, List.of(), folder, token, limits);
    }

    /** A tiny model whose texts and films are embedded into one space, so that it gives scores. */
    static ModelFolder model() {
        return ModelFolder.of(Fixtures.model(SyntheticModel.Size.TINY)).with(Part.TEXT_ENCODER,
                Fixtures.jointTextEncoder());
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + server.address().getPort() + path);
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.timeout(LONGEST).build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<byte[]> send(String method, String path, String type, byte[] body) {
        HttpRequest.Builder b = HttpRequest.newBuilder(uri(path)).method(method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        return send(type == null ? b : b.header("Content-Type", type));
    }

    byte[] get(String path) {
        HttpResponse<byte[]> r = send("GET", path, null, null);
        assertEquals(200, r.statusCode(), () -> path + ": " + text(r));
        return r.body();
    }

    JsonNode json(String path) {
        return Json.parse(get(path));
    }

    HttpResponse<byte[]> post(String path, String json) {
        return send("POST", path, "application/json", json.getBytes());
    }

    /** Posts JSON and expects a status. */
    JsonNode post(int status, String path, String json) {
        HttpResponse<byte[]> r = post(path, json);
        assertEquals(status, r.statusCode(), () -> path + ": " + text(r));
        return r.body().length == 0 ? Json.object() : Json.parse(r.body());
    }

    static String text(HttpResponse<byte[]> r) {
        return new String(r.body());
    }

    JsonNode upload(byte[] film, String query) {
        HttpResponse<byte[]> r = send("POST", "/api/v1/films" + query, "application/octet-stream", film);
        assertEquals(201, r.statusCode(), () -> text(r));
        return Json.parse(r.body());
    }

    String film(byte[] film) {
        return upload(film, "").get("id").asText();
    }

    /** An edit in a few steps of the box in the middle of a film. */
    static ObjectNode edit(String film) {
        ObjectNode o = Json.object().put("film", film).put("edit_mask", "box:8,8,16,16").put("steps", 4);
        o.putArray("prompts").addObject().put("text", "No pneumothorax");
        return o;
    }

    String start(ObjectNode edit) {
        return post(202, "/api/v1/edits", edit.toString()).get("id").asText();
    }

    /** Waits for the end of a job by its events, and returns it. */
    JsonNode await(String job) {
        get("/api/v1/jobs/" + job + "/events");
        return json("/api/v1/jobs/" + job);
    }

    JsonNode done(String job) {
        JsonNode j = await(job);
        assertEquals("done", j.get("state").asText(), j::toString);
        return j;
    }

    /** A smooth picture. */
    static Picture picture(int width, int height) {
        byte[] samples = new byte[width * height];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (byte) (40 + 3 * (i % width) + 2 * (i / width) % 100);
        }
        return new Picture(width, height, 1, samples);
    }

    static byte[] png(Picture p) {
        return png(p, Map.of());
    }

    /** A picture that has a text as its settings. */
    static byte[] withSettings(String settings) {
        return png(picture(8, 8), Map.of("radedit", settings));
    }

    private static byte[] png(Picture p, Map<String, String> text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Images.writePng(out, p, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The samples of an 8-bit grey or RGB PNG. */
    static Picture read(byte[] png) throws IOException {
        Path file = Files.createTempFile("picture", ".png");
        try {
            Files.write(file, png);
            assertEquals(true, ImageIO.read(new ByteArrayInputStream(png)) != null);
            return Images.read(file);
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        client.close();
    }
}
