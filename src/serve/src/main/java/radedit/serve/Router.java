package radedit.serve;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.HttpExchange;

/** Finds the handler of a request by its method and path. Segments in braces, such as {@code {film}}, are parameters. */
final class Router {
    /** Serves a request. */
    @FunctionalInterface
    interface Handler {
        void handle(Call call) throws IOException;
    }

    /**
     * A route.
     *
     * @param method
     *            in capitals
     * @param path
     *            as OpenAPI writes it
     */
    record Route(String method, String path) {}

    private record Entry(Route route, String[] segments, Handler handler) {}

    private final List<Entry> entries = new ArrayList<>();

    /** Adds a route. */
    Router on(String method, String path, Handler handler) {
        entries.add(new Entry(new Route(method, path), path.split("/", -1), handler));
        return this;
    }

    /** All routes, in the order in which they were added. */
    List<Route> routes() {
        return entries.stream().map(Entry::route).toList();
    }

    /** Whether a path begins like that of a route, so that the page does not serve it. */
    boolean owns(String path) {
        return path.startsWith("/api/") || path.startsWith("/sdapi/");
    }

    /**
     * Serves a request; HEAD like GET.
     *
     * @throws HttpError
     *             404 or 405 if there is no such route
     */
    void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
        String[] segments = exchange.getRequestURI().getRawPath().split("/", -1);
        TreeSet<String> others = new TreeSet<>();
        for (Entry e : entries) {
            Map<String, String> parameters = match(e.segments, segments);
            if (parameters != null && e.route.method.equals(method)) {
                e.handler.handle(new Call(exchange, parameters));
                return;
            }
            if (parameters != null) {
                others.add(e.route.method);
            }
        }
        if (others.isEmpty()) {
            throw new HttpError(404, "no such address; GET /api/v1/openapi.json lists them");
        }
        exchange.getResponseHeaders().set("Allow", String.join(", ", others));
        throw new HttpError(405, "this address takes " + String.join(", ", others) + " only");
    }

    private static @Nullable Map<String, String> match(String[] template, String[] segments) {
        if (template.length != segments.length) {
            return null;
        }
        Map<String, String> parameters = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (template[i].equals("{file}") && segments[i].indexOf('.') < 0) {
                return null; // names of files have an ending; other words are addresses
            }
            if (template[i].startsWith("{")) {
                try {
                    parameters.put(template[i].substring(1, template[i].length() - 1),
                            URLDecoder.decode(segments[i].replace("+", "%2B"), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    return null;
                }
            } else if (!template[i].equals(segments[i])) {
                return null;
            }
        }
        return parameters;
    }
}
