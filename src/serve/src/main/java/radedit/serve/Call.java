package radedit.serve;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;

/** One request and its answer. */
final class Call {
    static final String JSON = "application/json";
    static final String PNG = "image/png";
    private static final int BUFFER = 1 << 16;

    private final HttpExchange exchange;
    private final Map<String, String> path;
    private final Map<String, String> query;

    /**
     * @param path
     *            values of the route's parameters
     */
    Call(HttpExchange exchange, Map<String, String> path) {
        this(exchange, path, parsed(exchange.getRequestURI().getRawQuery()));
    }

    Call(HttpExchange exchange, Map<String, String> path, Map<String, String> query) {
        this.exchange = exchange;
        this.path = path;
        this.query = query;
    }

    private static Map<String, String> parsed(@Nullable String raw) {
        Map<String, String> all = new LinkedHashMap<>();
        if (raw == null || raw.isEmpty()) {
            return all;
        }
        for (String pair : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            try {
                all.put(URLDecoder.decode(name, StandardCharsets.UTF_8),
                        equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                throw new HttpError(400, "the query is not percent-encoded");
            }
        }
        return all;
    }

    /** The value of a parameter in the path. */
    String path(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }

    /** A number from 1 in the path; anything else names nothing that exists. */
    int number(String name, String what) {
        if (!path(name).matches("[1-9]\\d{0,8}")) {
            throw HttpError.gone(what);
        }
        return Integer.parseInt(path(name));
    }

    /** A parameter of the query; null if it is not given, or empty. */
    @Nullable
    String query(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** A parameter of the query, of bounded length. */
    @Nullable
    String query(String name, int longest) {
        String value = query(name);
        if (value != null && value.length() > longest) {
            throw new HttpError(400, name, name + " has more than " + longest + " characters");
        }
        return value;
    }

    /** All parameters of the query. */
    Map<String, String> query() {
        return query;
    }

    @Nullable
    String header(String name) {
        return exchange.getRequestHeaders().getFirst(name);
    }

    /** The type of the body, in lower case and without parameters. */
    String contentType() {
        String type = header("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The body.
     *
     * @throws HttpError
     *             if it is longer than permitted
     */
    byte[] body(long most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        copy(all, most);
        return all.toByteArray();
    }

    /** The body, which has to be a JSON document. */
    JsonNode json(long most) throws IOException {
        if (!contentType().equals(JSON)) {
            throw new HttpError(415, "the body must be JSON; Content-Type says " + Words.quoted(contentType())
                    + ", not " + JSON);
        }
        return Json.parse(body(most));
    }

    /** Writes the body to a new file. */
    void save(Path file, long most) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            if (copy(out, most) == 0) {
                throw new HttpError(400, "the body is empty; a file is expected");
            }
        }
    }

    private long copy(OutputStream out, long most) throws IOException {
        String length = header("Content-Length");
        if (length != null && length.matches("\\d{1,18}") && Long.parseLong(length) > most) {
            throw tooLong(most);
        }
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (InputStream in = exchange.getRequestBody()) {
            for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
                total += n;
                if (total > most) {
                    throw tooLong(most);
                }
                out.write(buffer, 0, n);
            }
        }
        return total;
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new HttpError(400, "the body ended too early");
        }
    }

    private HttpError tooLong(long most) {
        exchange.getResponseHeaders().set("Connection", "close");
        return new HttpError(413, "the body has more than " + most + " bytes, the most that this server takes");
    }

    /** Sets a header of the answer. */
    Call with(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
        return this;
    }

    void json(int status, Object value) throws IOException {
        send(status, JSON, Json.bytes(value));
    }

    void png(byte[] picture) throws IOException {
        send(200, PNG, picture);
    }

    void nothing(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
    }

    void send(int status, String type, byte[] content) throws IOException {
        with("Content-Type", type);
        if (isHead()) {
            with("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(content);
        }
    }

    void file(String type, Path file) throws IOException {
        with("Content-Type", type);
        long length = Files.size(file);
        if (isHead() || length == 0) {
            with("Content-Length", Long.toString(length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        try (InputStream in = Files.newInputStream(file)) {
            exchange.sendResponseHeaders(200, length);
            try (OutputStream out = exchange.getResponseBody()) {
                in.transferTo(out);
            }
        }
    }

    /** Begins an answer of unknown length. */
    OutputStream stream(String type) throws IOException {
        with("Content-Type", type);
        exchange.sendResponseHeaders(200, isHead() ? -1 : 0);
        return exchange.getResponseBody();
    }

    boolean isHead() {
        return exchange.getRequestMethod().equals("HEAD");
    }
}
