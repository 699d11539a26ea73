package radedit.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may make requests, and what every answer says to browsers. */
class GuardTest {
    private static final String TOKEN = "a-token-of-this-test";

    @TempDir
    private Path folder;

    private static int status(TestServer s, String method, String path, String... headers) {
        HttpRequest.Builder b = HttpRequest.newBuilder(s.uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        return s.send(headers.length == 0 ? b : b.headers(headers)).statusCode();
    }

    @Test
    void otherHostsAndOriginsAreRefused() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            int port = s.server.address().getPort();
            String about = "/api/v1/about";
            for (String host : List.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port, "LOCALHOST",
                    "localhost.")) {
                assertEquals(200, status(s, "GET", about, "Host", host), host);
            }
            for (String host : List.of("evil.example", "evil.example:" + port, "localhost.evil.example",
                    "127.0.0.1.nip.io",
                    "0.0.0.0:" + port, "[::2]", "localhost:1@evil.example")) {
                assertEquals(403, status(s, "GET", about, "Host", host), host);
                assertEquals(403, status(s, "GET", "/", "Host", host), host);
            }
            String own = "http://localhost:" + port;
            assertEquals(200, status(s, "GET", about, "Origin", own));
            for (String origin : List.of("http://evil.example", "null", "http://localhost", "http://localhost:1",
                    "file://localhost:" + port, own + ".evil.example", "http://127.0.0.1:" + port)) {
                assertEquals(403, status(s, "POST", "/api/v1/edits", "Origin", origin), origin);
                assertEquals(403, status(s, "GET", about, "Origin", origin), origin);
            }
            for (String site : List.of("cross-site", "same-site", "x")) {
                assertEquals(403, status(s, "POST", "/api/v1/edits", "Sec-Fetch-Site", site), site);
                assertEquals(403, status(s, "GET", about, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate",
                        "Sec-Fetch-Dest", "document"), site);
                assertEquals(403, status(s, "GET", "/", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate",
                        "Sec-Fetch-Dest", "iframe"), site);
                assertEquals(403, status(s, "GET", "/", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "no-cors",
                        "Sec-Fetch-Dest", "script"), site);
                assertTrue(status(s, "GET", "/", "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate",
                        "Sec-Fetch-Dest", "document") != 403, "a link to the page");
            }
            assertEquals(200, status(s, "GET", about, "Sec-Fetch-Site", "same-origin"));
            assertEquals(200, status(s, "GET", about, "Sec-Fetch-Site", "none"));
        }
    }

    @Test
    void aProxysNameIsGivenByTheUser() throws IOException {
        ServerOptions o = TestServer.options(folder, TestServer.LIMITS, null);
        ServerOptions named = new ServerOptions(o.model(), o.run(), o.address(), 0, List.of("films.example.org"),
                o.folder(), null, o.limits());
        try (TestServer s = new TestServer(named)) {
            assertEquals(200, status(s, "GET", "/api/v1/about", "Host", "films.example.org", "Origin",
                    "https://films.example.org"));
            assertEquals(403, status(s, "GET", "/api/v1/about", "Host", "www.films.example.org"));
        }
    }

    @Test
    void otherAddressesNeedAToken() throws IOException {
        ServerOptions o = TestServer.options(folder, TestServer.LIMITS, null);
        InetAddress any = InetAddress.getByName("0.0.0.0");
        assertThrows(IllegalArgumentException.class, () -> new ServerOptions(o.model(), o.run(), any, 0, List.of(),
                o.folder(), null, o.limits()));
        Set<String> hosts = Guard.hosts(any, List.of("Films.Example.org", "fe80::1"));
        assertTrue(hosts.containsAll(List.of("localhost", "127.0.0.1", "films.example.org", "[fe80::1]")),
                hosts::toString);
        assertFalse(hosts.contains("0.0.0.0"));
        assertTrue(ServerOptions.randomToken().matches("[A-Za-z0-9_-]{32}"));
        assertFalse(ServerOptions.randomToken().equals(ServerOptions.randomToken()));
    }

    @Test
    void theTokenOrItsCookieIsNeeded() throws IOException {
        try (TestServer s = new TestServer(TestServer.options(folder, TestServer.LIMITS, TOKEN))) {
            String about = "/api/v1/about";
            assertEquals(401, status(s, "GET", about));
            assertEquals(401, status(s, "POST", "/sdapi/v1/txt2img"));
            assertEquals(401, status(s, "GET", "/api/v1/jobs/x/events"));
            assertEquals(401, status(s, "GET", about, "Authorization", "Bearer " + TOKEN + "x"));
            assertEquals(401, status(s, "GET", about, "Authorization", TOKEN));
            assertEquals(401, status(s, "GET", about, "Cookie", "radedit=" + TOKEN));
            assertEquals(401, status(s, "GET", about + "?token=" + TOKEN));
            assertEquals(200, status(s, "GET", about, "Authorization", "Bearer " + TOKEN));
            s.post(401, "/api/v1/session", "{\"token\":\"wrong\"}");
            s.post(400, "/api/v1/session", "{}");
            HttpResponse<byte[]> r = s.post("/api/v1/session", "{\"token\":\"" + TOKEN + "\"}");
            assertEquals(204, r.statusCode());
            String cookie = r.headers().firstValue("Set-Cookie").orElseThrow();
            assertTrue(cookie.matches("radedit=[A-Za-z0-9_-]{32}; Path=/; HttpOnly; SameSite=Strict"), cookie);
            assertFalse(cookie.contains(TOKEN));
            String value = cookie.substring(0, cookie.indexOf(';'));
            assertEquals(200, status(s, "GET", about, "Cookie", "other=1; " + value));
            assertEquals(401, status(s, "GET", about, "Cookie", value + "x"));
            assertTrue(status(s, "GET", "/") != 401, "the page asks for the token");
            assertEquals(List.of(), s.log);
        }
    }

    @Test
    void everyAnswerProtectsThePage() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            for (String path : List.of("/", "/api/v1/about", "/api/v1/nothing", "/nothing")) {
                var h = s.send("GET", path, null, null).headers();
                String policy = h.firstValue("Content-Security-Policy").orElseThrow();
                assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
                assertTrue(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), policy);
                assertEquals("nosniff", h.firstValue("X-Content-Type-Options").orElseThrow());
                assertEquals("no-referrer", h.firstValue("Referrer-Policy").orElseThrow());
                assertEquals("same-origin", h.firstValue("Cross-Origin-Resource-Policy").orElseThrow());
                assertTrue(h.firstValue("Access-Control-Allow-Origin").isEmpty());
            }
            assertEquals("no-store", s.send("GET", "/api/v1/films", null, null).headers().firstValue("Cache-Control")
                    .orElseThrow());
        }
    }

    /** Paths are sent as they are, which a client's library would tidy up. */
    @Test
    void noPathLeavesItsFolder() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            String film = s.film(TestServer.png(TestServer.picture(16, 16)));
            for (String path : List.of("/../openapi.json", "/%2e%2e/openapi.json", "/..%2fopenapi.json", "//etc/passwd",
                    "/js/../../openapi.json", "/js", "/js/", "/.wishes", "/%00", "/index.html%00.js", "/Server.class",
                    "/../Server.class", "/api/v1/films/..", "/api/v1/films/../../../etc/passwd",
                    "/api/v1/films/" + film + "/../" + film, "/api/v1/films/%2e%2e/pixels",
                    "/api/v1/films/" + film + "%2f/pixels", "/api/v1/films/" + film.toUpperCase(java.util.Locale.ROOT),
                    "/api/v1/masks/..%2f" + film + "/mask.png", "/api/v1/jobs/" + film, "/api/v1/films/%zz")) {
                String answer = raw(s, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                assertTrue(answer.startsWith("HTTP/1.1 40"), path + ": " + answer.lines().findFirst().orElse(""));
                assertFalse(answer.contains("root:") || answer.contains("\"openapi\""), path);
            }
        }
    }

    /** Browsers ask for it beside documents that name no icon, such as openapi.json. */
    @Test
    void theIconIsThereByItsUsualName() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            assertArrayEquals(s.get("/favicon.svg"), s.get("/favicon.ico"));
        }
    }

    @Test
    void oddRequestsAreAnswered() throws IOException {
        try (TestServer s = new TestServer(folder)) {
            for (String request : List.of("GET /api/v1/about HTTP/1.1\r\n\r\n",
                    "GET /api/v1/about HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
                    "GET http://evil.example/api/v1/about HTTP/1.1\r\nHost: evil.example\r\n\r\n", "rubbish\r\n\r\n",
                    "GET /api/v1/films?%zz=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                String answer = raw(s, request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
                assertFalse(answer.startsWith("HTTP/1.1 5"), request + answer);
                assertFalse(answer.contains("\"version\""), request);
            }
            assertEquals(200, status(s, "GET", "/api/v1/about"));
            assertEquals(List.of(), s.log);
        }
    }

    static String raw(TestServer s, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), s.server.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            // the answer is there although the server may wait for the rest of the body
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4096];
            for (int n = socket.getInputStream().read(buffer); n >= 0; n = socket.getInputStream().read(buffer)) {
                answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                if (answer.indexOf("\"}") > 0) {
                    break;
                }
            }
            return answer.toString();
        }
    }
}
