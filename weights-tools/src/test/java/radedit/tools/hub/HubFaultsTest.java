package radedit.tools.hub;

import radedit.testkit.FakeHub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;

import radedit.weights.WeightsException;

/** Network faults, and hostile servers. */
class HubFaultsTest {
    private static final RepoId REPO = new RepoId("org/name");
    private static final byte[] CONFIG = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = FakeHub.bytes(300_000, 1);
    private static final String HASH = FakeHub.hash(WEIGHTS);

    @TempDir
    Path home;

    private final FakeHub hub = new FakeHub();
    private final Heard heard = new Heard();
    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void publish() {
        env.put("HF_HOME", home.toString());
        env.put("HF_ENDPOINT", hub.endpoint());
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", CONFIG);
        files.put("w.safetensors", WEIGHTS);
        hub.publish("org/name", "main", files);
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private Snapshot fetch(String... patterns) throws IOException {
        try (RepoFetch f = new RepoFetch(HubSettings.of(env).withPause(Duration.ofMillis(5)), heard)) {
            return f.fetch(REPO, "main", List.of(patterns));
        }
    }

    private Path partial() {
        return home.resolve("hub/models--org--name/blobs/" + HASH + ".radedit.incomplete");
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(WEIGHTS, Files.readAllBytes(fetch("w.safetensors").path("w.safetensors")));
        assertFalse(Files.exists(partial()));
    }

    /** Refused with these words, in at most two lines, and no blob left behind. */
    private <T extends Throwable> T assertRefused(Class<T> kind, String... words) throws IOException {
        T e = assertThrows(kind, () -> fetch("w.safetensors"));
        assertTrue(e.getMessage().lines().count() <= 2, e.getMessage());
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), "'" + w + "' in: " + e.getMessage());
        }
        Path blobs = home.resolve("hub/models--org--name/blobs");
        if (Files.exists(blobs)) {
            try (Stream<Path> all = Files.list(blobs)) {
                assertEquals(List.of(), all.filter(p -> !p.toString().endsWith(".incomplete")).toList());
            }
        }
        return e;
    }

    /** Makes the second host fail the first times. */
    private void cdn(int times, FakeHub.Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        hub.fault = (e, c) -> c.cdn() && left.getAndDecrement() > 0 && fault.handle(e, c);
    }

    private void api(int times, FakeHub.Fault fault) {
        AtomicInteger left = new AtomicInteger(times);
        hub.fault = (e, c) -> c.path().startsWith("/api/") && left.getAndDecrement() > 0 && fault.handle(e, c);
    }

    private static boolean cut(HttpExchange e, int from, int bytes) throws IOException {
        FakeHub.cut(e, WEIGHTS, from, bytes);
        return true;
    }

    @Test
    void aCutConnectionGoesOnWhereItWasCut() throws IOException {
        AtomicInteger call = new AtomicInteger();
        hub.fault = (e, c) -> c.cdn() && switch (call.getAndIncrement()) {
            case 0 -> cut(e, 0, 100_000);
            case 1 -> cut(e, 100_000, 50_000);
            default -> false;
        };
        assertFetched();
        assertEquals(List.of("0", "100000", "150000"), hub.downloads());
        assertEquals(2, heard.warnings.size(), heard.warnings.toString());
        assertTrue(heard.warnings.getFirst().startsWith("the connection to localhost broke ("),
                heard.warnings.toString());
    }

    @Test
    void aServerThatAlwaysCutsIsLeftAtLast() throws IOException {
        cdn(1000, (e, c) -> {
            String range = c.header("range");
            return cut(e, range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", "")), 1);
        });
        assertRefused(HubException.class, "the connection to localhost broke");
        assertEquals(6, hub.downloads().size());
        assertEquals(6, Files.size(partial()), "what came is kept");
        hub.fault = (e, c) -> false;
        assertFetched();
        assertEquals("6", hub.downloads().getLast());
    }

    @Test
    void aServerWithoutRangesStartsAnew() throws IOException {
        hub.ranges = false;
        cdn(1, (e, c) -> cut(e, 0, 100_000));
        assertFetched();
        assertEquals(List.of("0", "100000"), hub.downloads());
    }

    @Test
    void theServerSendsAnEarlierPart() throws IOException {
        AtomicInteger call = new AtomicInteger();
        hub.fault = (e, c) -> c.cdn() && switch (call.getAndIncrement()) {
            case 0 -> cut(e, 0, 100_000);
            case 1 -> cut(e, 40_000, WEIGHTS.length - 40_000);
            default -> false;
        };
        assertFetched();
        assertEquals(2, call.get());
    }

    @Test
    void damagedLeftoversAreThrownAway() throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), FakeHub.bytes(200_000, 9));
        assertFetched();
        assertEquals(List.of("200000", "0"), hub.downloads());
        assertTrue(heard.warnings.getFirst().contains("was damaged; starting again"), heard.warnings.toString());
    }

    @Test
    void leftoversThatAreCompleteAreOnlyChecked() throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), WEIGHTS);
        assertFetched();
        assertEquals(List.of(), hub.downloads());
    }

    @Test
    void leftoversThatAreTooLongAreThrownAway() throws IOException {
        Files.createDirectories(partial().getParent());
        Files.write(partial(), Arrays.copyOf(WEIGHTS, WEIGHTS.length + 5));
        assertFetched();
        assertEquals(List.of("0"), hub.downloads());
    }

    @Test
    void wrongBytesAreThrownAway() throws IOException {
        cdn(1, (e, c) -> {
            byte[] wrong = WEIGHTS.clone();
            wrong[77]++;
            FakeHub.json(e, wrong);
            return true;
        });
        assertRefused(WeightsException.class, "w.safetensors", HASH, "discarded");
        assertFalse(Files.exists(partial()));
        assertFetched();
    }

    @Test
    void wrongBytesOfASmallFileAreThrownAwayToo() throws IOException {
        hub.fault = (e, c) -> {
            if (c.get() && c.path().endsWith("config.json")) {
                FakeHub.json(e, "{\"a\": 2}".getBytes(StandardCharsets.UTF_8));
                return true;
            }
            return false;
        };
        WeightsException e = assertThrows(WeightsException.class, () -> fetch("config.json"));
        assertTrue(e.getMessage().contains(FakeHub.hash(CONFIG)), e.getMessage());
    }

    @Test
    void moreBytesThanAnnounced() throws IOException {
        cdn(1000, (e, c) -> {
            e.sendResponseHeaders(200, 0); // in chunks, without a length
            e.getResponseBody().write(WEIGHTS);
            e.getResponseBody().write(1);
            return true;
        });
        assertRefused(WeightsException.class, "sends more than the 300000 bytes");
        assertFalse(Files.exists(partial()));
    }

    @Test
    void anotherLengthThanAnnounced() throws IOException {
        cdn(1000, (e, c) -> {
            FakeHub.json(e, new byte[10]);
            return true;
        });
        assertRefused(HubException.class, "announced 300000 bytes", "wants to send 10");
    }

    @Test
    void fewerBytesThanAnnouncedWithoutALength() throws IOException {
        cdn(1, (e, c) -> {
            e.sendResponseHeaders(200, 0);
            e.getResponseBody().write(WEIGHTS, 0, 1000);
            return true;
        });
        assertFetched();
        assertEquals(List.of("0", "1000"), hub.downloads());
    }

    @Test
    void anotherFileThanAnnounced() throws IOException {
        hub.fault = (e, c) -> {
            if (c.get()) {
                e.getResponseHeaders().set("X-Linked-Etag", "\"" + "0".repeat(64) + "\"");
            }
            return c.get() && !c.cdn() && done(() -> FakeHub.json(e, WEIGHTS));
        };
        assertRefused(HubException.class, "has another w.safetensors now");
    }

    private interface Action {
        void run() throws IOException;
    }

    private static boolean done(Action a) throws IOException {
        a.run();
        return true;
    }

    @Test
    void aServerThatFallsSilentIsLeft() throws IOException {
        env.put("HF_HUB_DOWNLOAD_TIMEOUT", "1");
        cdn(1, (e, c) -> {
            cut(e, 0, 100_000);
            try {
                Thread.sleep(3000);
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            }
            return true;
        });
        assertFetched();
        assertEquals(List.of("0", "100000"), hub.downloads());
        assertTrue(heard.warnings.getFirst().startsWith("localhost has sent nothing for 1 s"),
                heard.warnings.toString());
    }

    @Test
    void faultsThatPass() throws IOException {
        api(2, (e, c) -> done(() -> FakeHub.error(e, 503, null, null)));
        assertFetched();
        assertEquals(2, heard.warnings.size(), heard.warnings.toString());
        api(3, (e, c) -> done(() -> {
            e.getResponseHeaders().set("Retry-After", "0");
            FakeHub.error(e, 429, null, null);
        }));
        fetch();
        assertTrue(heard.warnings.getLast().startsWith("127.0.0.1 answers 429, too many requests; trying again"),
                heard.warnings.toString());
        api(1, (e, c) -> done(() -> {
            e.getResponseHeaders().set("Retry-After",
                    ZonedDateTime.now(ZoneOffset.UTC).minusSeconds(5).format(DateTimeFormatter.RFC_1123_DATE_TIME));
            FakeHub.error(e, 429, null, null);
        }));
        fetch();
        api(1, (e, c) -> done(() -> {
            e.getResponseHeaders().set("RateLimit", "\"api\";r=0;t=1");
            FakeHub.error(e, 429, null, null);
        }));
        long start = System.nanoTime();
        fetch();
        assertTrue(System.nanoTime() - start > 900_000_000L, "waits as long as it is asked to");
    }

    @Test
    void faultsThatDoNotPass() throws IOException {
        api(1000, (e, c) -> done(() -> FakeHub.error(e, 500, "X", "out of order")));
        assertRefused(HubException.class, "127.0.0.1 answers 500 (out of order)");
        assertEquals(6, hub.calls.size());
        hub.calls.clear();
        api(1000, (x, c) -> done(() -> {
            x.getResponseHeaders().set("Retry-After", "3600");
            FakeHub.error(x, 429, null, null);
        }));
        assertRefused(HubException.class, "429");
        assertEquals(1, hub.calls.size(), "an hour is too long");
        hub.fault = (x, c) -> done(() -> FakeHub.error(x, 418, null, null));
        assertRefused(HubException.class, "418");
    }

    @Test
    void anAddressThatHasExpiredIsAskedForAgain() throws IOException {
        cdn(2, (e, c) -> done(() -> FakeHub.error(e, 403, null, null)));
        assertFetched();
        assertTrue(heard.warnings.getFirst().startsWith("localhost answers 403 for w.safetensors"),
                heard.warnings.toString());
    }

    @Test
    void aGatedRepositorySaysWhereItsTermsAre() throws IOException {
        hub.fault = (e, c) -> !c.path().startsWith("/api") && done(() -> FakeHub.error(e, 401, "GatedRepo",
                "Access to model org/name is restricted. You must be authenticated to access it."));
        assertRefused(WeightsException.class, "org/name: is gated: Access to model org/name is restricted.",
                "\naccept its terms on " + hub.endpoint() + "/org/name, then set HF_TOKEN");
        assertEquals(2, hub.calls.size(), "no second attempt: " + hub.calls);
        env.put("HF_TOKEN", "hf_x");
        hub.fault = (e, c) -> !c.path().startsWith("/api") && done(() -> FakeHub.error(e, 403, "GatedRepo",
                "Access to model org/name is restricted and you are not in the authorized list."));
        assertRefused(WeightsException.class, "not in the authorized list", "with the account whose token");
    }

    @Test
    void noAccess() throws IOException {
        api(1, (e, c) -> done(() -> FakeHub.error(e, 401, null, "Invalid username or password.")));
        assertRefused(WeightsException.class, "org/name: does not exist, or is private", "HF_TOKEN");
        env.put("HF_TOKEN", "hf_x");
        api(1, (e, c) -> done(() -> FakeHub.error(e, 401, "X", "Invalid credentials in Authorization header")));
        WeightsException e = assertRefused(WeightsException.class, "the token is not accepted", "Invalid credentials");
        assertFalse(e.getMessage().contains("hf_x"));
    }

    @Test
    void notFound() throws IOException {
        api(1, (e, c) -> done(() -> FakeHub.error(e, 404, "RepoNotFound", "Repository not found")));
        assertRefused(WeightsException.class, "org/name: no such repository on " + hub.endpoint());
        api(1, (e, c) -> done(() -> FakeHub.error(e, 404, "RevisionNotFound", "Invalid rev id: main")));
        assertRefused(WeightsException.class, "org/name: has no revision 'main' (Invalid rev id: main)");
        hub.fault = (e, c) -> !c.path().startsWith("/api")
                && done(() -> FakeHub.error(e, 404, "EntryNotFound", "Entry not found"));
        assertRefused(WeightsException.class, "org/name: has no file 'w.safetensors'");
        hub.fault = (e, c) -> done(() -> FakeHub.error(e, 404, null, null));
        assertRefused(WeightsException.class, "no such repository or revision");
    }

    @Test
    void thereIsNoRoom() throws IOException {
        hub.fault = (e, c) -> {
            if (c.method().equals("HEAD")) {
                e.getResponseHeaders().set("X-Linked-Etag", "\"" + HASH + "\"");
                e.getResponseHeaders().set("X-Linked-Size", "999999999999999999");
                FakeHub.redirect(e, 302, "http://localhost:1/x");
                return true;
            }
            return false;
        };
        assertRefused(HubException.class, "1000000000.00 GB to download, ", "HF_HOME moves the cache");
        assertEquals(2, hub.calls.size(), "before anything is fetched: " + hub.calls);
    }

    @Test
    void aFileOfUnknownSize() throws IOException {
        hub.blobs = false;
        hub.fault = (e, c) -> {
            if (c.path().endsWith("config.json")) {
                e.getResponseHeaders().set("ETag", "\"" + FakeHub.hash(CONFIG) + "\"");
                e.sendResponseHeaders(200, c.method().equals("HEAD") ? -1 : 0);
                if (c.get()) {
                    e.getResponseBody().write(CONFIG);
                }
                return true;
            }
            return false;
        };
        assertArrayEquals(CONFIG, Files.readAllBytes(fetch("config.json").path("config.json")));
    }

    @Test
    void anEtagThatIsNoHash() throws IOException {
        hub.fault = (e, c) -> {
            if (c.path().endsWith("config.json")) {
                e.getResponseHeaders().set("ETag", "\"5f3c-62ab\"");
                e.sendResponseHeaders(200, c.get() ? CONFIG.length : -1);
                if (c.get()) {
                    e.getResponseBody().write(CONFIG);
                }
                return true;
            }
            return false;
        };
        assertArrayEquals(CONFIG, Files.readAllBytes(fetch("config.json").path("config.json")));
        assertTrue(heard.warnings.getFirst().contains("could not be checked"), heard.warnings.toString());
    }

    @Test
    void hostileNamesAreRefused() throws IOException {
        for (String name : List.of("../x", "a/../../x", "/etc/x", "a\\..\\x", "C:x", "a//x", "a/./x", "x\u0000", "x\n",
                "x\u202e", "", "a".repeat(300), "CON.", "x ")) {
            hub.fault = (e, c) -> done(() -> FakeHub.json(e, Map.of("sha", "0".repeat(40), "siblings",
                    List.of(Map.of("rfilename", name)))));
            hub.calls.clear();
            WeightsException e = assertThrows(WeightsException.class, this::fetch, name);
            assertTrue(e.getMessage().startsWith("org/name: the file name '"), e.getMessage());
            assertEquals(1, hub.calls.size());
        }
        try (Stream<Path> all = Files.list(home)) {
            assertEquals(List.of(), all.toList());
        }
    }

    @Test
    void hostileHashesAreRefused() throws IOException {
        for (String etag : List.of("../../../x", "a/b", ".", "..", "a..b", "", "x".repeat(200))) {
            hub.fault = (e, c) -> !c.path().startsWith("/api") && done(() -> {
                e.getResponseHeaders().set("X-Linked-Etag", "\"" + etag + "\"");
                e.getResponseHeaders().set("X-Linked-Size", "300000");
                FakeHub.redirect(e, 302, "http://localhost:1/x");
            });
            assertRefused(HubException.class, "gives no usable hash");
        }
        hub.fault = (e, c) -> c.method().equals("HEAD") && done(() -> {
            e.getResponseHeaders().set("X-Repo-Commit", "f".repeat(40));
            e.sendResponseHeaders(200, -1);
        });
        assertRefused(HubException.class, "another commit of org/name");
    }

    @Test
    void answersThatAreNone() throws IOException {
        for (byte[] body : List.of("{".getBytes(), "[]".getBytes(), "<html>".getBytes(), new byte[0],
                "{\"sha\": \"../..\", \"siblings\": []}".getBytes(), "{\"sha\": \"main\"}".getBytes(),
                "[".repeat(100_000).getBytes())) {
            api(1, (e, c) -> done(() -> FakeHub.json(e, body)));
            assertRefused(HubException.class, "127.0.0.1 is not a hub");
        }
        api(1, (e, c) -> {
            e.sendResponseHeaders(200, 0);
            byte[] spaces = new byte[1 << 20];
            Arrays.fill(spaces, (byte) ' ');
            try {
                while (true) {
                    e.getResponseBody().write(spaces);
                }
            } catch (IOException x) {
                return true; // the client has hung up
            }
        });
        assertRefused(HubException.class, "an endless list");
    }

    @Test
    void redirectsThatLeadNowhere() throws IOException {
        hub.fault = (e, c) -> done(() -> FakeHub.redirect(e, 302, hub.endpoint() + c.path()));
        assertRefused(HubException.class, "redirects endlessly");
        for (String to : List.of("file:///etc/passwd", "ftp://x/y", "http:///x", "http://u:p@localhost/", "::")) {
            hub.fault = (e, c) -> done(() -> FakeHub.redirect(e, 302, to));
            assertRefused(HubException.class, "127.0.0.1 redirects to '" + to);
        }
    }
}
