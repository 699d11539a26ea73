package radedit.tools.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid and invalid responses. */
class HttpTransportTest {
    private interface Answer {
        void give(Socket s, OutputStream out) throws Exception;
    }

    private final ServerSocket server = listen();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpTransport transport = new HttpTransport(Network.of(Map.of("NO_PROXY", "*")),
            Duration.ofSeconds(1));

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        transport.close();
        server.close();
    }

    private HttpTransport.Response send(String method, String path, Answer answer) throws IOException {
        Thread.ofVirtual().start(() -> {
            try (Socket s = server.accept()) {
                StringBuilder head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    head.append((char) s.getInputStream().read());
                }
                requests.add(head.toString());
                answer.give(s, s.getOutputStream());
            } catch (Exception e) {
                // the client has hung up
            }
        });
        return transport.send(method, URI.create("http://127.0.0.1:" + server.getLocalPort() + path), Map.of("A", "b"));
    }

    private HttpTransport.Response send(String answer) throws IOException {
        return send("GET", "/", (s, out) -> out.write(answer.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String text(HttpTransport.Response r) throws IOException {
        try (var body = r.body()) {
            return new String(body.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void requestsAreWhatServersExpect() throws IOException {
        send("GET", "/a%2Fb/%C3%A9?x=y&z", (s, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes())).body().close();
        assertEquals("GET /a%2Fb/%C3%A9?x=y&z HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                + "\r\nConnection: close\r\nA: b\r\n\r\n", requests.getFirst());
        send("HEAD", "", (s, out) -> out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes())).body().close();
        assertTrue(requests.get(1).startsWith("HEAD / HTTP/1.1\r\n"), requests.get(1));
        assertThrows(IllegalArgumentException.class,
                () -> transport.send("GET", URI.create("http://127.0.0.1:" + server.getLocalPort()),
                        Map.of("A", "b\r\nC: d")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"HTTP/1.1 200 OK~Content-Length: 3~~abc|abc",
            "HTTP/1.1 200 OK~Content-Length: 3~~abcdef|abc",
            "HTTP/1.0 200~~abc|abc", "HTTP/1.1 200 OK~content-LENGTH:3  ~~abc|abc",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~ab~1;x=y~c~0~~|abc",
            "HTTP/1.1 200 OK~Transfer-Encoding: Chunked~Content-Length: 7~~00A~0123456789~0~Trailer: x~~|0123456789",
            "HTTP/1.1 100 Continue~~HTTP/1.1 103 Early Hints~Link: x~~HTTP/1.1 200 OK~Content-Length: 1~~a|a",
            "HTTP/1.1 204 No Content~Content-Length: 5~~|''", "HTTP/1.1 304 x~~rest|''",
            "HTTP/1.1 200 OK~Content-Length: 2~Content-Length: 2~~ab|ab", "HTTP/1.1 200 OK~X: ~Content-Length: 0~~|''"})
    void bodies(String answer, String body) throws IOException {
        assertEquals(body, text(send(answer.replace("~", "\r\n"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"HTTP/1.1 200 OK~Content-Length: 9~~abc",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~5~abc",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~2~abc~0~~", "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~x~ab",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~-1~ab", "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~",
            "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~FFFFFFFFFFFFFFFF~ab",
            "HTTP/1.1 200 OK~Transfer-Encoding: gzip~~ab",
            "HTTP/1.1 200 OK~Content-Length: -1~~ab", "HTTP/1.1 200 OK~Content-Length: 1~Content-Length: 2~~ab",
            "HTTP/1.1 200 OK~Content-Length: 99999999999999999999~~ab", "HTTP/2 200~~", "HTTP/1.1 2000 OK~~",
            "HTTP/1.1 OK~~",
            "HTTP/1.1 200 OK~no colon~~", "HTTP/1.1 200 OK~ folded: x~~", "HTTP/1.1 200 OK~X y: z~~", "HTTP/1.1 200 OK",
            "HTTP", "~~",
            "<html>~~</html>"})
    void whatIsNoAnswer(String answer) {
        assertThrows(IOException.class, () -> text(send(answer.replace("~", "\r\n"))));
    }

    @Test
    void headersAreFoundInAnyCase() throws IOException {
        HttpTransport.Response r = send("HTTP/1.1 302 Found\nLOCATION: /x\nX-a:  b c \t\nx-A: d\n\n");
        assertEquals(302, r.status());
        assertEquals("/x", r.headers().get("location"));
        assertEquals("b c", r.headers().get("x-a"));
        r.body().close();
    }

    @Test
    void silenceEndsInAReadTimeout() throws IOException {
        long start = System.nanoTime();
        assertThrows(SocketTimeoutException.class, () -> send("GET", "/", (s, out) -> Thread.sleep(5000)));
        assertThrows(SocketTimeoutException.class, () -> send("GET", "/", (s, out) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes());
            for (int i = 0; i < 100; i++) { // sends bytes all the time, but never a whole head
                out.write('X');
                out.flush();
                Thread.sleep(50);
            }
        }));
        HttpTransport.Response r = send("GET", "/", (s, out) -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na".getBytes());
            out.flush();
            Thread.sleep(5000);
        });
        assertEquals('a', r.body().read());
        assertThrows(SocketTimeoutException.class, () -> r.body().read());
        r.body().close();
        assertTrue(System.nanoTime() - start < 9_000_000_000L);
    }

    @Test
    void headsWithoutEndAreLeft() {
        for (String part : List.of("X-A: b\r\n", "x", "\r")) {
            byte[] block = part.repeat(1000).getBytes();
            assertThrows(IOException.class, () -> send("GET", "/", (s, out) -> {
                out.write("HTTP/1.1 200 OK\r\n".getBytes());
                while (true) {
                    out.write(block);
                }
            }));
        }
        assertThrows(IOException.class, () -> send("GET", "/", (s, out) -> {
            while (true) {
                out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes());
            }
        }).body().close());
    }

    @Test
    void closingGivesUpWhatIsOpen() throws IOException {
        HttpTransport.Response r = send("GET", "/", (s, out) -> {
            out.write("HTTP/1.1 200 OK\r\n\r\na".getBytes());
            out.flush();
            Thread.sleep(3000);
        });
        transport.close();
        assertThrows(IOException.class, () -> r.body().readAllBytes());
    }

    /** Damaged responses end in a response or an exception, in time. */
    @Test
    void mutationsNeverHang() throws IOException {
        byte[] good = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
                .getBytes(StandardCharsets.ISO_8859_1);
        Random r = new Random(3);
        int answers = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bad = good.clone();
            for (int n = r.nextInt(4); n > 0; n--) {
                bad[r.nextInt(
                        bad.length)] = (byte) (r.nextBoolean() ? r.nextInt(256) : "\r\n 0:F".charAt(r.nextInt(6)));
            }
            try {
                HttpTransport.Response a = send("GET", "/", (s, out) -> out.write(bad));
                a.body().readAllBytes();
                a.body().close();
                answers++;
            } catch (IOException e) {
                // refused
            }
        }
        assertTrue(answers > 60 && answers < 250, "answers: " + answers);
        assertArrayEquals("abcdefg".getBytes(), send("GET", "/", (s, out) -> out.write(good)).body().readAllBytes());
    }
}
