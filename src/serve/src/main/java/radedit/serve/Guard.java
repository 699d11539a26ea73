package radedit.serve;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;

/**
 * Decides who may make a request. A Host header that is not this server's is refused, so that no other site's name can be
 * pointed at it (DNS rebinding); so is whatever another site's page sends (cross-site request forgery), by Origin and
 * Sec-Fetch-Site; and, where a token is required, whoever does not have it.
 */
final class Guard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Set<String> SAFE = Set.of("GET", "HEAD");
    /** Values of Sec-Fetch-Site for this server's own page, and for what a user types or opens. */
    private static final Set<String> OWN = Set.of("same-origin", "none");

    /** A name, with or without the dot of the root, or an address; then a port. */
    private static final Pattern HOST = Pattern
            .compile("([a-z0-9_-]+(?:\\.[a-z0-9_-]+)*|\\[[0-9a-f:.]+])\\.?(?::\\d{1,5})?");

    private final Set<String> hosts;
    private final @Nullable Token token;

    /**
     * @param hosts
     *            names and addresses of this server as they are in a Host header, without a port
     * @param token
     *            null if none is required
     */
    Guard(Set<String> hosts, @Nullable Token token) {
        this.hosts = hosts;
        this.token = token;
    }

    /**
     * The names under which a server is reached.
     *
     * @param bound
     *            the address that it listens at
     * @param given
     *            the name that the user gave for it, and further ones
     */
    static Set<String> hosts(InetAddress bound, Collection<String> given) {
        Set<String> all = new TreeSet<>(LOOPBACK);
        given.forEach(g -> all.add(bracketed(g)));
        if (bound.isAnyLocalAddress()) {
            try {
                NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                        .forEach(a -> all.add(bracketed(a.getHostAddress().replaceFirst("%.*", ""))));
                all.add(InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT));
            } catch (SocketException | UnknownHostException e) {
                // whoever uses another name gives it
            }
        } else {
            all.add(bracketed(bound.getHostAddress().replaceFirst("%.*", "")));
        }
        return all;
    }

    private static String bracketed(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.contains(":") && !lower.startsWith("[") ? "[" + lower + "]" : lower;
    }

    /**
     * Checks a request before anything else is done with it.
     *
     * @param open
     *            whether the address holds nothing of anybody, so that the token is not needed
     * @throws HttpError
     *             if it is refused
     */
    void check(HttpExchange exchange, boolean open) {
        Headers h = exchange.getRequestHeaders();
        String host = only(h, "Host");
        if (host == null || !hosts.contains(name(host))) {
            throw new HttpError(403, "the Host header names another server (" + Words.quoted(String.valueOf(host))
                    + "); a further name of this one has to be given when it is started");
        }
        String origin = only(h, "Origin");
        if (origin != null && !isOwn(origin, host)) {
            throw new HttpError(403, "requests from pages of another site are refused (Origin "
                    + Words.quoted(origin) + ")");
        }
        String site = h.getFirst("Sec-Fetch-Site");
        boolean visit = SAFE.contains(exchange.getRequestMethod()) && "navigate".equals(h.getFirst("Sec-Fetch-Mode"))
                && "document".equals(h.getFirst("Sec-Fetch-Dest")) && open;
        if (site != null && !OWN.contains(site) && !visit) {
            throw new HttpError(403, "requests from pages of another site are refused (Sec-Fetch-Site "
                    + Words.quoted(site) + ")");
        }
        if (token != null && !open && !token.isKnown(h)) {
            throw new HttpError(401, "the token is missing or wrong; the server showed it when it was started,"
                    + " and it belongs into the header Authorization: Bearer TOKEN");
        }
    }

    /** A header that a request must not repeat; null if it has none. */
    private static @Nullable String only(Headers h, String name) {
        List<String> all = h.get(name);
        if (all != null && all.size() > 1) {
            throw new HttpError(400, "the header " + name + " is repeated");
        }
        return all == null || all.isEmpty() ? null : all.getFirst();
    }

    /** The host without its port, an address in its brackets; empty if it is neither a name nor an address. */
    private static String name(String host) {
        Matcher m = HOST.matcher(host.toLowerCase(Locale.ROOT));
        return m.matches() ? m.group(1) : "";
    }

    /** Whether an origin is this server's own, as the browser sees it: host and port as in the Host header. */
    private static boolean isOwn(String origin, String host) {
        try {
            URI uri = new URI(origin);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && host.equalsIgnoreCase(uri.getRawAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Sets the headers of every answer. */
    static void protect(Headers answer) {
        answer.set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self';"
                + " img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self';"
                + " manifest-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
        answer.set("X-Content-Type-Options", "nosniff");
        answer.set("X-Frame-Options", "DENY");
        answer.set("Referrer-Policy", "no-referrer");
        answer.set("Cross-Origin-Opener-Policy", "same-origin");
        answer.set("Cross-Origin-Resource-Policy", "same-origin");
        answer.set("Cross-Origin-Embedder-Policy", "require-corp");
        answer.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        answer.set("Cache-Control", "no-store");
    }
}
