package radedit.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import radedit.digest.Digests;

/** The files of the page, which are part of this program. They hold nothing of anybody. */
final class PageFiles {
    private static final Map<String, String> TYPES = Map.ofEntries(Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"), Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"), Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"), Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"), Map.entry("ico", "image/x-icon"), Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"), Map.entry("map", "application/json"));
    /** Plain names with an ending; no folder begins with a dot, so that none leads upwards. */
    private static final Pattern NAME = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)+");

    private record Content(byte[] bytes, String type, String tag) {}

    private final Map<String, Optional<Content>> known = new ConcurrentHashMap<>();

    /** Whether an address is one of the page's, rather than of the interface. */
    static boolean isPlain(String path) {
        return path.equals("/") || NAME.matcher(path).matches();
    }

    /**
     * Sends a file.
     *
     * @throws HttpError
     *             404 if there is none
     */
    void serve(Call call, String path) throws IOException {
        Content c = isPlain(path)
                ? known.computeIfAbsent(file(path), PageFiles::read).orElse(null)
                : null;
        if (c == null) {
            throw new HttpError(404, "no such page");
        }
        call.with("Cache-Control", "no-cache").with("ETag", c.tag);
        if (c.tag.equals(call.header("If-None-Match"))) {
            call.nothing(304);
        } else {
            call.send(200, c.type, c.bytes);
        }
    }

    private static String file(String path) {
        return switch (path) {
            case "/" -> "/index.html";
            case "/favicon.ico" -> "/favicon.svg"; // what browsers ask for beside a document that names no icon
            default -> path;
        };
    }

    private static Optional<Content> read(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || name.lastIndexOf('.') < name.lastIndexOf('/')) {
            return Optional.empty();
        }
        try (InputStream in = PageFiles.class.getResourceAsStream("page" + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            return Optional.of(new Content(bytes, type, '"' + Digests.hex(bytes).substring(0, 32) + '"'));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
