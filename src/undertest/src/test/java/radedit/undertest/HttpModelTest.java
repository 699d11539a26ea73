package radedit.undertest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import radedit.imaging.Films;
import radedit.imaging.Images;
import radedit.imaging.Mask;
import radedit.undertest.OutputSpec.Values;

class HttpModelTest {
    private static final OutputSpec AB = OutputSpec.scores(Values.PROBABILITIES, List.of("a", "b"));
    private static final HttpOptions FAST = HttpOptions.DEFAULT.withTimes(Duration.ofSeconds(5), 2,
            Duration.ofMillis(1));

    @TempDir
    Path temp;

    private HttpServer server;
    private final List<String> bodies = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger calls = new AtomicInteger();

    /** What the server answers to the n-th call. */
    private interface Answer {
        void to(HttpExchange exchange, int call) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI serve(Answer answer) {
        server.createContext("/predict", e -> {
            try (e) {
                bodies.add(new String(e.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                answer.to(e, calls.incrementAndGet());
            }
        });
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/predict?key=secret");
    }

    private static void send(HttpExchange e, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        e.sendResponseHeaders(status, bytes.length);
        e.getResponseBody().write(bytes);
    }

    private static List<GreyFilm> films(int n) {
        List<GreyFilm> all = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            all.add(PreprocessingReferenceTest.film(30 + i, 20, i, i % 2 == 0 ? 8 : 16));
        }
        return all;
    }

    private static String message(URI address, OutputSpec spec, HttpOptions options, int films) {
        ModelException e = assertThrows(ModelException.class, () -> {
            try (HttpModel m = HttpModel.open(address, spec, options)) {
                m.runFilms(films(films));
            }
        });
        assertFalse(e.getMessage().contains("secret"), e.getMessage());
        assertTrue(e.getMessage().lines().count() <= 2, e.getMessage());
        return e.getMessage();
    }

    /** Answers with each film's width and highest level, so that order and pixels are seen. */
    private String measure(String body) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode image : new ObjectMapper().readTree(body).get("images")) {
            Path file = Files.createTempFile(temp, "film", ".png");
            Files.write(file, Base64.getDecoder().decode(image.textValue()));
            double[] levels = Films.read(file).display();
            rows.add("[" + Films.read(file).columns() / 100.0 + ", " + levels[5] + "]");
        }
        return "{\"classes\": [\"a\", \"b\"], \"scores\": [" + String.join(", ", rows) + "]}";
    }

    @Test
    void filmsArriveWholeAndInOrder() throws IOException {
        URI address = serve((e, n) -> {
            assertEquals("application/json", e.getRequestHeaders().getFirst("Content-Type"));
            send(e, 200, measure(bodies.getLast()));
        });
        HttpOptions one = new HttpOptions(HttpOptions.Form.JSON, 3, 1, Duration.ofSeconds(5), Duration.ofSeconds(20), 0,
                Duration.ZERO, 1 << 20, "");
        try (HttpModel m = HttpModel.open(address, OutputSpec.scores(Values.PROBABILITIES, List.of()), one)) {
            assertEquals(List.of("a", "b"), m.names());
            List<GreyFilm> films = films(8);
            List<Output> outputs = m.runFilms(films);
            assertEquals(4, calls.get(), "one for the names, three for the films");
            for (int i = 0; i < 8; i++) {
                GreyFilm f = films.get(i);
                assertArrayEquals(new double[]{f.width() / 100.0, (double) f.levels()[5] / f.highest()},
                        ((Output.Scores) outputs.get(i)).probabilities(), 1e-12);
            }
            assertEquals("http://127.0.0.1:" + server.getAddress().getPort() + "/predict", m.description().source());
        }
    }

    @Test
    void atMostSoManyRequestsAtATime() throws IOException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        URI address = serve((e, n) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                Thread.sleep(20);
            } catch (InterruptedException x) {
                throw new IOException(x);
            }
            now.decrementAndGet();
            send(e, 200, "{\"scores\": [0.5, 0.5]}");
        });
        HttpOptions o = new HttpOptions(HttpOptions.Form.JSON, 1, 3, Duration.ofSeconds(5), Duration.ofSeconds(20), 0,
                Duration.ZERO, 1 << 20, "");
        try (HttpModel m = HttpModel.open(address, AB, o)) {
            assertEquals(12, m.runFilms(films(12)).size());
        }
        assertTrue(most.get() <= 3, "at a time: " + most);
    }

    @Test
    void multipart() throws IOException {
        URI address = serve((e, n) -> {
            assertTrue(e.getRequestHeaders().getFirst("Content-Type").startsWith("multipart/form-data; boundary="));
            send(e, 200, "{\"scores\": {\"b\": 0.75, \"a\": 0.25}}");
        });
        try (HttpModel m = HttpModel.open(address, AB, FAST.withForm(HttpOptions.Form.MULTIPART))) {
            assertEquals(1, m.batch());
            List<Output> out = m.runFilms(films(2));
            assertArrayEquals(new double[]{0.25, 0.75}, ((Output.Scores) out.get(1)).probabilities());
        }
        String body = bodies.getFirst().replace("\r\n", "|");
        assertTrue(body.contains("|Content-Disposition: form-data; name=\"image\"; filename=\"film.png\"|"), body);
        assertTrue(body.contains("|Content-Type: image/png||\u0089PNG|"), body);
    }

    @Test
    void masks() throws IOException {
        OutputSpec spec = new OutputSpec(ModelUnderTest.Kind.SEGMENTATION, null, Values.LABELS,
                OutputSpec.Activation.SIGMOID, 0, List.of(), Map.of(), InputSpec.Layout.NCHW);
        URI address = serve((e, n) -> {
            List<String> entries = new ArrayList<>();
            for (JsonNode image : new ObjectMapper().readTree(bodies.getLast()).get("images")) {
                Path file = Files.createTempFile(temp, "film", ".png");
                Files.write(file, Base64.getDecoder().decode(image.textValue()));
                Mask mask = Mask.of(Images.read(file));
                GreyFilm png = GreyFilm.of(mask.toPicture());
                entries.add("{\"bright\": \"" + Base64.getEncoder().encodeToString(png.toPng()) + "\"}");
            }
            send(e, 200, "{\"masks\": [" + String.join(", ", entries) + "]}");
        });
        HttpOptions one = new HttpOptions(HttpOptions.Form.JSON, 3, 1, Duration.ofSeconds(5), Duration.ofSeconds(20), 0,
                Duration.ZERO, 1 << 20, "");
        try (HttpModel m = HttpModel.open(address, spec, one)) {
            assertEquals(List.of("bright"), m.names());
            GreyFilm film = films(1).getFirst();
            Output.Masks out = (Output.Masks) m.runFilms(List.of(film)).getFirst();
            assertEquals(Mask.of(film.toPicture()), out.masks().getFirst());
            ProbeReport report = ModelProbes.run(m, films(1));
            assertTrue(report.passed(), report.findings().toString());
        }
    }

    @Test
    void wrongMasks() {
        OutputSpec spec = new OutputSpec(ModelUnderTest.Kind.SEGMENTATION, null, Values.LABELS,
                OutputSpec.Activation.SIGMOID, 0, List.of(new OutputSpec.Channel("heart", 0)), Map.of(),
                InputSpec.Layout.NCHW);
        String small = Base64.getEncoder()
                .encodeToString(new GreyFilm(2, 2, 8, new char[4]).toPng());
        URI address = serve((e, n) -> send(e, 200, "{\"masks\": [{\"heart\": \"" + switch (n) {
            case 1 -> "%%";
            case 2 -> "AAAA";
            default -> small;
        } + "\"}]}"));
        assertTrue(message(address, spec, FAST, 1).contains("is not base64"));
        assertTrue(message(address, spec, FAST, 1).contains("a mask of heart that cannot be read"));
        assertTrue(message(address, spec, FAST, 1).contains("with 2 x 2 pixels for a film of 30 x 20"));
    }

    @Test
    void serversFaultsAreRetriedAndOthersAreNot() throws IOException {
        URI address = serve((e, n) -> send(e, n < 3 ? 503 : 200, n < 3 ? "busy" : "{\"scores\": [[0.1, 0.2]]}"));
        try (HttpModel m = HttpModel.open(address, AB, FAST)) {
            assertEquals(1, m.runFilms(films(1)).size());
        }
        assertEquals(3, calls.get());
    }

    @Test
    void statuses() {
        int[] statuses = {500, 404, 429, 302};
        for (int status : statuses) {
            int before = calls.get();
            URI address = status == statuses[0] ? serve((e, n) -> {
                int s = statuses[(int) bodies.stream().filter(b -> b.equals("next")).count()];
                e.getResponseHeaders().add("Location", "http://elsewhere/x");
                send(e, s, "no\nsuch thing");
            }) : URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/predict?key=secret");
            String m = message(address, AB, FAST, 1);
            assertEquals(status == 500 ? 3 : 1, calls.get() - before, "attempts for " + status);
            assertTrue(m.contains(status == 500
                    ? "status 500: no?such thing (after 3 attempts)"
                    : status == 302
                            ? "redirects to http://elsewhere/x (status 302), which is not followed"
                            : "refused the request with status " + status),
                    m);
            bodies.add("next");
        }
    }

    @Test
    void wrongAnswers() {
        String[][] cases = {{"<html>", "the answer is not valid JSON"}, {"[1]", "is not a JSON object"},
                {"{}", "has no \"scores\""},
                {"{\"scores\": [[0.1, 0.2], [0.1, 0.2]]}", "has 2 entries in \"scores\" for 1 films"},
                {"{\"scores\": [[0.1]]}", "returns 1 values a film, but 2 names are given"},
                {"{\"scores\": [{\"a\": 0.1}]}", "has null as the score of b"},
                {"{\"scores\": [[0.1, \"0.2\"]]}", "has \"0.2\" as the score of number 1"},
                {"{\"scores\": [[0.1, 1e999]]}", "not finite"},
                {"{\"scores\": [[0.1, 1.2]]}", "go from 0.1000 to 1.200"},
                {"{\"scores\": [[0.1, NaN]]}", "is not valid JSON"},
                {"{\"scores\": [\"x\"]}", "has \"x\" where the scores"},
                {"{\"scores\": [[0.1, 0.2]], \"classes\": [\"b\", \"a\"]}", "has \"b\" as class number 0"}};
        AtomicInteger next = new AtomicInteger();
        URI address = serve((e, n) -> send(e, 200, cases[next.get()][0]));
        for (String[] c : cases) {
            String m = message(address, AB, FAST, 1);
            assertTrue(m.contains(c[1]) && !m.contains("enable"), m);
            next.incrementAndGet();
        }
    }

    @Test
    void largeAndSlowAnswers() {
        URI address = serve((e, n) -> {
            if (n == 1) {
                send(e, 200, " ".repeat(3000));
            } else {
                e.sendResponseHeaders(200, 100);
                e.getResponseBody().write('{');
                e.getResponseBody().flush();
                try {
                    Thread.sleep(3000);
                } catch (InterruptedException x) {
                    throw new IOException(x);
                }
            }
        });
        HttpOptions small = new HttpOptions(HttpOptions.Form.JSON, 1, 1, Duration.ofSeconds(5), Duration.ofMillis(600),
                0,
                Duration.ZERO, 2000, "");
        assertTrue(message(address, AB, small, 1).contains("the answer is larger than 2000 bytes"));
        long start = System.nanoTime();
        assertTrue(message(address, AB, small, 1).contains("no complete answer within 0.6 s"));
        assertTrue(System.nanoTime() - start < 2_500_000_000L);
    }

    @Test
    void noServer() throws IOException {
        int port;
        try (ServerSocket s = new ServerSocket(0)) {
            port = s.getLocalPort();
        }
        assertTrue(message(URI.create("http://127.0.0.1:" + port + "/"), AB, FAST, 1)
                .contains("no server accepts connections there (after 3 attempts)"));
        String unknown = message(URI.create("http://no-such-host.invalid/"), AB, FAST, 1);
        assertTrue(unknown.contains("the host is unknown"), unknown);
    }

    @Test
    void addresses() {
        for (String[] c : new String[][]{{"ftp://host/", "is not an address such as"}, {"host:80", "is not an address"},
                {"http:///x", "is not an address"}, {"http://user:secret@host/", "the address has a user name"},
                {"http://host/#x", "has a fragment"}}) {
            String m = message(URI.create(c[0]), AB, FAST, 1);
            assertTrue(m.contains(c[1]), m);
        }
    }

    @Test
    void authorization() throws IOException {
        URI address = serve((e, n) -> {
            assertEquals(System.getenv("HOME"), e.getRequestHeaders().getFirst("Authorization"));
            send(e, 200, "{\"scores\": [[0.1, 0.2]]}");
        });
        // Any variable that is set will do.
        try (HttpModel m = HttpModel.open(address, AB, FAST.withAuthorization("HOME"))) {
            m.runFilms(films(1));
            assertFalse(m.description().toMap().toString().contains(System.getenv("HOME")));
        }
        assertTrue(message(address, AB, FAST.withAuthorization("RADEDIT_NOT_SET"), 1)
                .startsWith("the environment variable RADEDIT_NOT_SET is not set"));
        assertTrue(message(URI.create("http://192.0.2.1/"), AB, FAST.withAuthorization("HOME"), 1)
                .contains("over https:// or to this machine only"));
    }
}
