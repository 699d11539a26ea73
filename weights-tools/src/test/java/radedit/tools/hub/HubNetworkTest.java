package radedit.tools.hub;

import radedit.testkit.FakeHub;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import radedit.testdata.TestData;
import radedit.tools.http.FakeProxy;

/** A hub with a private certificate authority, and behind proxies; make.sh in their folder describes the certificates. */
class HubNetworkTest {
    private static final byte[] CONFIG = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
    private static final byte[] WEIGHTS = FakeHub.bytes(300_000, 1);

    @TempDir
    Path home;

    private final SSLContext context = context();
    private final FakeHub hub = new FakeHub(context);
    private final FakeProxy proxy = new FakeProxy();
    private final Map<String, String> env = new HashMap<>();
    private final AtomicInteger fetches = new AtomicInteger();

    private static Path resource(String name) {
        return TestData.resource("/reports/09_hub_proxy_ca/" + name);
    }

    private static SSLContext context() {
        try (InputStream in = Files.newInputStream(resource("server.p12"))) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, "test".toCharArray());
            KeyManagerFactory f = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            f.init(keys, "test".toCharArray());
            SSLContext c = SSLContext.getInstance("TLS");
            c.init(f.getKeyManagers(), null, null);
            return c;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void publish() {
        env.put("HF_ENDPOINT", hub.endpoint());
        env.put("HF_TOKEN", "hf_token");
        env.put("SSL_CERT_FILE", resource("ca.pem").toString());
        publish(hub);
    }

    private static void publish(FakeHub hub) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("config.json", CONFIG);
        files.put("w.safetensors", WEIGHTS);
        hub.publish("org/name", "main", files);
    }

    @AfterEach
    void close() {
        hub.close();
        proxy.close();
    }

    /** Fetches into a new cache, so that nothing is cached. */
    private Snapshot fetch() throws IOException {
        return fetch(env);
    }

    private Snapshot fetch(Map<String, String> variables) throws IOException {
        Map<String, String> own = new HashMap<>(variables);
        own.put("HF_HOME", home.resolve(Integer.toString(fetches.incrementAndGet())).toString());
        try (RepoFetch f = new RepoFetch(HubSettings.of(own).withPause(Duration.ofMillis(5)), new Heard())) {
            return f.fetch(new RepoId("org/name"), "main", List.of());
        }
    }

    private void assertFetched() throws IOException {
        assertArrayEquals(WEIGHTS, Files.readAllBytes(fetch().path("w.safetensors")));
    }

    /** Refused with these words, in at most two lines, without any secret. */
    private void assertRefused(String... words) {
        assertRefused(env, words);
    }

    private void assertRefused(Map<String, String> variables, String... words) {
        HubException e = assertThrows(HubException.class, () -> fetch(variables));
        assertFalse(e.getMessage().contains("\u001b"), e.getMessage());
        for (String w : words) {
            assertTrue(e.getMessage().contains(w), "'" + w + "' in: " + e.getMessage());
        }
        assertTrue(e.getMessage().lines().count() <= 2, e.getMessage());
        for (Throwable t = e; t != null; t = t.getCause()) {
            for (String secret : List.of("pa55", "wr0ng", "hf_token", "Basic ")) {
                assertFalse(t.toString().contains(secret) && !t.toString().contains("Basic is supported"),
                        t.toString());
            }
        }
    }

    @Test
    void aPrivateAuthorityIsNotTrustedUnasked() {
        env.remove("SSL_CERT_FILE");
        assertRefused("localhost: no secure connection (", "\nif your network has a certificate authority of its own,"
                + " SSL_CERT_FILE takes the file of its certificate");
        env.put("SSL_CERT_FILE", resource("other.pem").toString());
        assertRefused("no secure connection");
        assertTrue(hub.calls.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    void filesOfAuthoritiesAreRead(String variable) throws IOException {
        env.remove("SSL_CERT_FILE");
        env.put(variable, resource("ca.pem").toString());
        assertFetched();
        env.put(variable, resource("bundle.pem").toString());
        fetch();
        Path missing = home.resolve("none.pem");
        env.put(variable, missing.toString());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, this::fetch);
        assertEquals(variable + " names " + missing + ", which does not exist", e.getMessage());
        env.put(variable, Files.writeString(home.resolve("empty.pem"), "# nothing\n").toString());
        e = assertThrows(IllegalArgumentException.class, this::fetch);
        assertTrue(e.getMessage().startsWith(variable + " names ") && e.getMessage().contains("holds no certificate"),
                e.getMessage());
        env.put(variable, "");
        assertRefused("no secure connection");
    }

    @Test
    void foldersOfAuthoritiesToo() throws IOException {
        env.remove("SSL_CERT_FILE");
        Path folder = Files.createDirectory(home.resolve("certs"));
        Files.copy(resource("other.pem"), folder.resolve("other.pem"));
        Files.copy(resource("ca.pem"), folder.resolve("0a1b2c3d.0"));
        Files.writeString(folder.resolve("README"), "certificates");
        env.put("SSL_CERT_DIR", home.resolve("none") + System.getProperty("path.separator") + folder);
        assertFetched();
        env.remove("SSL_CERT_DIR");
        env.put("REQUESTS_CA_BUNDLE", folder.toString());
        fetch();
    }

    /** The certificate is for localhost, not for 127.0.0.1. */
    @Test
    void namesAreHeldAgainstTheCertificate() {
        env.put("HF_ENDPOINT", hub.endpoint().replace("localhost", "127.0.0.1"));
        assertRefused("127.0.0.1: no secure connection (");
        assertTrue(hub.calls.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
    void aProxyWithPassword(String variable) throws IOException {
        proxy.wanted = "user:pa55";
        env.put(variable, "http://user:pa55@" + proxy.place());
        assertFetched();
        assertEquals(List.of(), proxy.asked.stream().filter(a -> !a.startsWith("CONNECT localhost:")).toList());
        assertTrue(proxy.asked.size() >= 4, proxy.asked.toString());
        assertTrue(proxy.heard.stream().noneMatch(h -> h.contains("hf_token")), "the proxy never sees the token");
        assertTrue(hub.calls.stream().noneMatch(c -> c.headers().containsKey("proxy-authorization")),
                "nor the hub the password");
    }

    @Test
    void aPasswordThatIsWrongMissingOrOfAnotherKind() {
        proxy.wanted = "user:pa55";
        env.put("HTTPS_PROXY", "http://user:wr0ng@" + proxy.place());
        assertRefused("the proxy " + proxy.place() + " does not accept the user and password");
        env.put("HTTPS_PROXY", proxy.place());
        assertRefused(
                "the proxy " + proxy.place() + " requires a user and a password (http://USER:PASSWORD@HOST:PORT)");
        proxy.way = "Negotiate";
        assertRefused("an unsupported kind of authentication (Negotiate; Basic is supported)");
    }

    /** Percent-encoded, as by programs, and not, as by people. */
    @ParameterizedTest
    @CsvSource({"dom%5Cus%20er:p%40ss%3Aw%2Frd%25,dom\\us er:p@ss:w/rd%", "user:p@ss,user:p@ss", "user:50%,user:50%",
            "user,user:",
            "user:,user:", "us%C3%A9r:%E4%B8%AD,usér:中"})
    void passwordsAreEncodedAsFarAsTheyNeedIt(String written, String meant) throws IOException {
        proxy.wanted = meant;
        for (String scheme : List.of("http://", "socks5h://")) {
            env.put("HTTPS_PROXY", scheme + written + "@" + proxy.place() + "/");
            fetch();
        }
    }

    @Test
    void plainAddressesGoThroughTheProxyWhole() throws IOException {
        proxy.wanted = "user:pa55";
        try (FakeHub plain = new FakeHub()) {
            publish(plain);
            env.put("HF_ENDPOINT", plain.endpoint());
            env.put("http_proxy", "http://user:pa55@" + proxy.place());
            assertFetched();
            assertTrue(proxy.asked.getFirst().startsWith("GET " + plain.endpoint() + "/api/models/org/name/"),
                    proxy.asked.toString());
            env.put("http_proxy", "http://user:wr0ng@" + proxy.place());
            assertRefused("does not accept the user and password");
        }
    }

    @Test
    void aProxyThatIsSpokenToInSecret() throws IOException {
        try (FakeProxy secret = new FakeProxy(context.getServerSocketFactory())) {
            secret.wanted = "user:pa55";
            env.put("HTTPS_PROXY", "https://user:pa55@" + secret.place().replace("127.0.0.1", "localhost"));
            assertFetched();
            assertTrue(secret.asked.getFirst().startsWith("CONNECT localhost:"));
            env.put("SSL_CERT_FILE", resource("other.pem").toString());
            assertRefused("the proxy localhost:", "does not connect");
        }
    }

    @ParameterizedTest
    @CsvSource({"socks5h,socks5 localhost:", "socks,socks5 localhost:", "socks5,socks5 127.0.0.1:",
            "socks4a,socks4 localhost:",
            "socks4,socks4 127.0.0.1:"})
    void socksProxies(String scheme, String asked) throws IOException {
        env.put("ALL_PROXY", scheme + "://" + proxy.place());
        assertFetched();
        assertTrue(proxy.asked.getFirst().replace("0:0:0:0:0:0:0:1", "127.0.0.1").startsWith(asked),
                proxy.asked.toString());
        assertTrue(proxy.asked.size() >= 4);
        proxy.wanted = "user:pa55";
        env.put("ALL_PROXY", scheme + "://user:pa55@" + proxy.place());
        fetch();
        assertNoEntry(scheme.startsWith("socks4") ? "other:wr0ng" : "user:wr0ng", scheme);
    }

    private void assertNoEntry(String login, String scheme) {
        env.put("ALL_PROXY", scheme + "://" + login + "@" + proxy.place());
        assertRefused("the proxy " + proxy.place(), scheme.startsWith("socks4")
                ? ", asked for localhost, does not connect"
                : " does not accept the user and password");
    }

    @Test
    void socksNamesAreResolvedBehindTheProxy() throws IOException {
        try (FakeHub plain = new FakeHub()) {
            publish(plain);
            // A name that only the proxy knows.
            env.put("HF_ENDPOINT", plain.endpoint().replace("127.0.0.1", "hub.test"));
            env.put("ALL_PROXY", "socks5h://" + proxy.place());
            assertFetched();
            assertTrue(proxy.asked.getFirst().startsWith("socks5 hub.test:"), proxy.asked.toString());
        }
    }

    @Test
    void exemptHostsGoWithoutAProxy() throws IOException {
        env.put("HTTPS_PROXY", "http://user:pa55@127.0.0.1:1");
        env.put("NO_PROXY", "example.org, localhost");
        assertFetched();
        env.put("no_proxy", ""); // takes precedence, though empty
        assertRefused("the proxy 127.0.0.1:1 cannot be reached (");
        env.put("https_proxy", "");
        fetch();
    }

    @Test
    void hostileProxiesHoldNobodyUp() {
        env.put("HF_HUB_DOWNLOAD_TIMEOUT", "1");
        byte[] head = "HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII);
        Map<String, FakeProxy.Answer> answers = new LinkedHashMap<>();
        answers.put("closes at once", s -> {});
        answers.put("says nothing", s -> Thread.sleep(3000));
        answers.put("drips", s -> {
            for (int i = 0; i < 50; i++) {
                s.getOutputStream().write(i < head.length ? head[i] : 'a');
                Thread.sleep(100);
            }
        });
        answers.put("has no end", s -> {
            byte[] line = ("X-" + "a".repeat(1000) + ": b\r\n").getBytes(StandardCharsets.US_ASCII);
            s.getOutputStream().write(head);
            while (true) {
                s.getOutputStream().write(line);
            }
        });
        answers.put("speaks something else",
                s -> s.getOutputStream().write("220 mail.example.org ESMTP\r\n\r\n".getBytes()));
        answers.put("answers zeros", s -> s.getOutputStream().write(new byte[4096]));
        answers.put("is closed by its answer", s -> s.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes()));
        answers.put("refuses", s -> s.getOutputStream()
                .write("HTTP/1.1 403 \u001b[2JForbidden\r\nContent-Length: 5\r\n\r\nhello"
                        .getBytes(StandardCharsets.UTF_8)));
        proxy.answer = answers.get("refuses");
        Map<String, Future<?>> all = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers.forEach((what, answer) -> {
                for (String scheme : List.of("http", "https", "socks5h", "socks4a")) {
                    all.put(scheme + " " + what, threads.submit(() -> refuses(scheme, answer)));
                }
            });
            all.forEach((what, done) -> assertDoesNotThrow(() -> done.get(30, TimeUnit.SECONDS), what));
        }
        env.put("HTTPS_PROXY", "http://" + proxy.place());
        assertRefused("the proxy " + proxy.place() + ", asked for localhost, answers 403 [2JForbidden");
    }

    private void refuses(String scheme, FakeProxy.Answer answer) {
        try (FakeProxy hostile = new FakeProxy()) {
            hostile.answer = answer;
            Map<String, String> own = new HashMap<>(env);
            own.put("HTTPS_PROXY", scheme + "://user:pa55@" + hostile.place());
            assertRefused(own);
        }
    }
}
