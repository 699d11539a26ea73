package radedit.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/**
 * A real HTTP server that behaves like the Hugging Face hub, and a second one, under another name and port, to which it
 * redirects for large files. Tests can inject faults.
 */
public final class FakeHub implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Size in bytes from which files are large, as in git-lfs. */
    public static final int LARGE = 1000;

    /**
     * A request.
     *
     * @param cdn
     *            whether the second host received it
     * @param method
     *            GET or HEAD
     * @param path
     *            path and query
     * @param headers
     *            headers by lower-case name
     */
    public record Call(boolean cdn, String method, String path, Map<String, String> headers) {
        /**
         * {@return a header; null if there is none}
         *
         * @param name
         *            in lower case
         */
        public String header(String name) {
            return headers.get(name);
        }

        /** {@return whether the method is GET} */
        public boolean get() {
            return method.equals("GET") && !path.startsWith("/api/models/");
        }

        @Override
        public String toString() {
            return (cdn ? "cdn " : "hub ") + method + " " + path;
        }
    }

    /** A fault. */
    public interface Fault {
        /** Answers a request wrongly, or returns false to have it answered correctly. */
        boolean handle(HttpExchange e, Call call) throws IOException;
    }

    /** Files of a repository at a commit. */
    private record Repo(String commit, Map<String, byte[]> files) {}

    /** All requests so far. */
    public final List<Call> calls = new CopyOnWriteArrayList<>();
    /** Handles a request first, and may answer it with an error. */
    public volatile Fault fault = (e, c) -> false;
    /** Milliseconds that the second host takes per 64 kB. */
    public volatile int slowness;
    /** Whether the second host supports ranges. */
    public volatile boolean ranges = true;
    /** Whether listings have sizes and hashes. */
    public volatile boolean blobs = true;
    private final Map<String, Repo> revisions = new ConcurrentHashMap<>();
    private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub;
    private final HttpServer cdn;

    private final String scheme;

    /** Starts a hub without TLS on free ports. */
    public FakeHub() {
        this(null);
    }

    /**
     * Starts a hub on free ports.
     *
     * @param context
     *            for TLS; null for none
     */
    public FakeHub(SSLContext context) {
        scheme = context == null ? "http" : "https";
        hub = server(false, context);
        cdn = server(true, context);
    }

    private HttpServer server(boolean second, SSLContext context) {
        try {
            InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            HttpServer s;
            if (context == null) {
                s = HttpServer.create(free, 50);
            } else {
                HttpsServer secure = HttpsServer.create(free, 50);
                secure.setHttpsConfigurator(new HttpsConfigurator(context));
                s = secure;
            }
            s.setExecutor(threads);
            s.createContext("/", e -> handle(e, second));
            s.start();
            return s;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the hub's address} */
    public String endpoint() {
        return scheme + "://" + (scheme.equals("http") ? "127.0.0.1" : "localhost") + ":" + hub.getAddress().getPort();
    }

    /**
     * Publishes files as the head of a branch.
     *
     * @param repo
     *            ORG/NAME
     * @param branch
     *            the branch
     * @param files
     *            contents by name
     * @return the commit
     */
    public String publish(String repo, String branch, Map<String, byte[]> files) {
        StringBuilder all = new StringBuilder(repo);
        new TreeMap<>(files).forEach((name, bytes) -> all.append(name).append(hash(bytes)));
        String commit = digest("SHA-1", all.toString().getBytes(StandardCharsets.UTF_8));
        Repo r = new Repo(commit, new LinkedHashMap<>(files));
        revisions.put(repo + "@" + branch, r);
        revisions.put(repo + "@" + commit, r);
        files.values().forEach(f -> contents.put(hash(f), f));
        return commit;
    }

    /**
     * {@return pseudo-random bytes}
     *
     * @param size
     *            number of bytes
     * @param seed
     *            the same seed gives the same bytes
     */
    public static byte[] bytes(int size, long seed) {
        byte[] b = new byte[size];
        new Random(seed).nextBytes(b);
        return b;
    }

    /**
     * {@return the ETag of a content: SHA-256 if it is large, git's SHA-1 otherwise}
     *
     * @param content
     *            the content
     */
    public static String hash(byte[] content) {
        return content.length >= LARGE ? digest("SHA-256", content) : gitHash(content);
    }

    private static String gitHash(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + content.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, content.length);
        return digest("SHA-1", all);
    }

    private static String digest(String algorithm, byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return requests for contents, as "path from byte"} */
    public List<String> downloads() {
        return calls.stream().filter(c -> c.cdn && c.method.equals("GET"))
                .map(c -> c.header("range") == null ? "0" : c.header("range").replaceAll("bytes=([0-9]+)-", "$1"))
                .toList();
    }

    private void handle(HttpExchange e, boolean second) throws IOException {
        try (e) {
            Map<String, String> headers = new LinkedHashMap<>();
            e.getRequestHeaders().forEach((k, v) -> headers.put(k.toLowerCase(java.util.Locale.ROOT), v.getFirst()));
            Call call = new Call(second, e.getRequestMethod(), e.getRequestURI().getPath(), headers);
            calls.add(call);
            if (fault.handle(e, call)) {
                return;
            }
            if (second) {
                e.getResponseHeaders().set("ETag", "\"another-etag\"");
                content(e, contents.get(call.path.substring(1)));
            } else {
                hub(e, call.path);
            }
        }
    }

    private void hub(HttpExchange e, String path) throws IOException {
        if (path.startsWith("/api/models/")) {
            String[] p = path.substring(12).split("/revision/");
            listing(e, p[0], p[1]);
        } else if (path.startsWith("/api/resolve-cache/")) {
            String[] p = path.substring(19).split("/", 4);
            file(e, p[0] + "/" + p[1], p[2], p[3], true);
        } else {
            String[] p = path.substring(1).split("/resolve/");
            int slash = p[1].indexOf('/');
            file(e, p[0], p[1].substring(0, slash), p[1].substring(slash + 1), false);
        }
    }

    private boolean known(String repo) {
        return revisions.keySet().stream().anyMatch(k -> k.startsWith(repo + "@"));
    }

    private void listing(HttpExchange e, String repo, String revision) throws IOException {
        Repo r = revisions.get(repo + "@" + revision);
        if (r == null) {
            boolean known = known(repo);
            error(e, known ? 404 : 401, known ? "RevisionNotFound" : "RepoNotFound",
                    known ? "Invalid rev id: " + revision : "Repository not found");
            return;
        }
        List<Map<String, Object>> siblings = new ArrayList<>();
        r.files.forEach((name, bytes) -> {
            Map<String, Object> s = new LinkedHashMap<>();
            s.put("rfilename", name);
            if (blobs) {
                s.put("blobId", gitHash(bytes));
                s.put("size", bytes.length);
                if (bytes.length >= LARGE) {
                    s.put("lfs", Map.of("sha256", hash(bytes), "size", bytes.length, "pointerSize", 134));
                }
            }
            siblings.add(s);
        });
        json(e, Map.of("id", repo, "sha", r.commit, "siblings", siblings));
    }

    /**
     * Answers with a JSON document.
     *
     * @param e
     *            the request
     * @param document
     *            any value that Jackson writes
     * @throws IOException
     *            if the client has gone
     */
    public static void json(HttpExchange e, Object document) throws IOException {
        byte[] body = document instanceof byte[] b ? b : JSON.writeValueAsBytes(document);
        e.getResponseHeaders().set("Content-Type", "application/json");
        e.sendResponseHeaders(200, body.length);
        e.getResponseBody().write(body);
    }

    private void file(HttpExchange e, String repo, String revision, String name, boolean redirected)
            throws IOException {
        Repo r = revisions.get(repo + "@" + revision);
        if (r == null || !r.files.containsKey(name)) {
            error(e, 404, r == null ? "RevisionNotFound" : "EntryNotFound",
                    r == null ? "Invalid rev id" : "Entry not found");
            return;
        }
        byte[] content = r.files.get(name);
        e.getResponseHeaders().set("X-Repo-Commit", r.commit);
        if (content.length >= LARGE) {
            e.getResponseHeaders().set("X-Linked-Etag", "\"" + hash(content) + "\"");
            e.getResponseHeaders().set("X-Linked-Size", Integer.toString(content.length));
            redirect(e, 302,
                    scheme + "://localhost:" + cdn.getAddress().getPort() + "/" + hash(content) + "?signed=yes");
        } else if (name.endsWith(".txt") && !redirected) {
            redirect(e, 307, "/api/resolve-cache/" + repo + "/" + revision + "/" + name);
        } else {
            e.getResponseHeaders().set("ETag", "W/\"" + hash(content) + "\"");
            content(e, content);
        }
    }

    /**
     * Answers with a redirect.
     *
     * @param e
     *            the request
     * @param status
     *            3xx
     * @param location
     *            the target
     * @throws IOException
     *            if the client has gone
     */
    public static void redirect(HttpExchange e, int status, String location) throws IOException {
        e.getResponseHeaders().set("Location", location);
        e.sendResponseHeaders(status, -1);
    }

    /**
     * Answers with an error in the hub's form.
     *
     * @param e
     *            the request
     * @param status
     *            HTTP status
     * @param code
     *            X-Error-Code; null for none
     * @param message
     *            X-Error-Message; null for none
     * @throws IOException
     *            if the client has gone
     */
    public static void error(HttpExchange e, int status, String code, String message) throws IOException {
        if (code != null) {
            e.getResponseHeaders().set("X-Error-Code", code);
            e.getResponseHeaders().set("X-Error-Message", message);
        }
        e.sendResponseHeaders(status, -1);
    }

    private void content(HttpExchange e, byte[] all) throws IOException {
        String range = e.getRequestHeaders().getFirst("Range");
        int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
        if (from >= all.length && from > 0) {
            e.getResponseHeaders().set("Content-Range", "bytes */" + all.length);
            e.sendResponseHeaders(416, -1);
            return;
        }
        if (e.getRequestMethod().equals("HEAD")) {
            e.getResponseHeaders().set("Content-Length", Integer.toString(all.length));
            e.sendResponseHeaders(200, -1);
            return;
        }
        if (from > 0) {
            e.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
        }
        e.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from == 0 ? -1 : all.length - from);
        send(e.getResponseBody(), all, from, all.length);
    }

    private void send(OutputStream out, byte[] all, int from, int to) throws IOException {
        for (int at = from; at < to; at += 1 << 16) {
            out.write(all, at, Math.min(1 << 16, to - at));
            pause(slowness);
        }
    }

    private static void pause(int ms) throws IOException {
        try {
            Thread.sleep(ms);
        } catch (InterruptedException x) {
            throw new IOException(x);
        }
    }

    /**
     * Sends the beginning of a body that is announced in full, then cuts the connection.
     *
     * @param e
     *            the request
     * @param all
     *            the whole content
     * @param from
     *            offset of the first byte
     * @param bytes
     *            number of bytes before the cut
     * @throws IOException
     *            if the client has gone
     */
    public static void cut(HttpExchange e, byte[] all, int from, int bytes) throws IOException {
        if (from > 0) {
            e.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (all.length - 1) + "/" + all.length);
        }
        e.sendResponseHeaders(from > 0 ? 206 : 200, all.length - from);
        e.getResponseBody().write(all, from, bytes);
        e.getResponseBody().flush();
    }

    @Override
    public void close() {
        hub.stop(0);
        cdn.stop(0);
        threads.shutdownNow();
    }
}
