package radedit.tools.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLException;

import radedit.tools.hub.HubException.Kind;

/**
 * Requests over HTTP. Redirects are followed here and not by the client, for two reasons: the user's token goes to the
 * hub's own address only, never to the host it sends us to for the bytes; and of a file's address we only want to know
 * what the hub says about it.
 */
final class Wire implements AutoCloseable {
    private static final int MOST_REDIRECTS = 8;

    private final HubSettings settings;
    private final HttpClient client;

    Wire(HubSettings settings) {
        this.settings = settings;
        // HTTP/1.1: one large file at a time gains nothing from the streams of HTTP/2, and mirrors are often plain.
        HttpClient.Builder b = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(settings.patience());
        this.client = (settings.proxy() == null ? b : b.proxy(settings.proxy())).build();
    }

    /**
     * Makes a request.
     *
     * @param method
     *            GET, or HEAD, which ends where the hub has said what a file is
     * @throws HubException
     *             if no answer comes
     */
    Reply send(String method, URI address, Map<String, String> headers) throws IOException {
        URI at = address;
        Map<String, String> said = new LinkedHashMap<>();
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            HttpResponse<InputStream> r = exchange(method, at, headers);
            boolean foreign = !origin(at).equals(origin(settings.endpoint()));
            r.headers().map().forEach((name, values) -> {
                String key = name.toLowerCase(Locale.ROOT);
                if (key.startsWith("x-")) {
                    said.putIfAbsent(key, values.getFirst());
                }
            });
            Optional<String> location = r.headers().firstValue("Location");
            boolean redirect = r.statusCode() / 100 == 3 && location.isPresent();
            URI next = redirect ? next(at, location.get()) : at;
            boolean known = method.equals("HEAD") && said.containsKey("x-linked-etag")
                    && !origin(next).equals(origin(at));
            if (!redirect || known) {
                Map<String, String> all = new LinkedHashMap<>();
                r.headers().map().forEach((name, values) -> all.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
                all.putAll(said);
                return new Reply(r.statusCode(), at, foreign, all,
                        new PatientStream(r.body(), at.getHost(), settings.patience()));
            }
            r.body().close();
            at = next;
        }
        throw new HubException(Kind.FINAL, address.getHost() + " redirects without end");
    }

    private HttpResponse<InputStream> exchange(String method, URI at, Map<String, String> headers) throws IOException {
        HttpRequest.Builder b = HttpRequest.newBuilder(at).method(method, BodyPublishers.noBody())
                .timeout(settings.patience()).header("User-Agent", "radedit").header("Accept-Encoding", "identity");
        headers.forEach(b::header);
        if (origin(at).equals(origin(settings.endpoint()))) {
            settings.token().ifPresent(t -> b.header("Authorization", "Bearer " + t));
        }
        try {
            return client.send(b.build(), BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new HubException(Kind.UNREACHABLE,
                    at.getHost() + " has not answered for " + settings.patience().toSeconds() + " s", e);
        } catch (ConnectException | UnresolvedAddressException e) {
            throw new HubException(Kind.UNREACHABLE, at.getHost() + " cannot be reached (" + reason(e) + ")", e);
        } catch (SSLException e) {
            throw new HubException(Kind.FINAL, at.getHost() + ": no secure connection (" + reason(e) + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (IOException e) {
            throw new HubException(Kind.PASSING, "the connection to " + at.getHost() + " broke (" + reason(e) + ")", e);
        }
    }

    private static URI next(URI from, String location) throws HubException {
        try {
            URI to = from.resolve(location);
            boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
            boolean weaker = "https".equals(from.getScheme()) && !"https".equals(to.getScheme());
            if (web && !weaker && to.getHost() != null && to.getRawUserInfo() == null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // the same sentence
        }
        throw new HubException(Kind.FINAL,
                from.getHost() + " redirects to '" + Names.clean(location) + "', which is not followed");
    }

    /** Scheme, host and port, which together decide who sees the token. */
    private static String origin(URI u) {
        int port = u.getPort() >= 0 ? u.getPort() : "https".equals(u.getScheme()) ? 443 : 80;
        return u.getScheme() + "://" + u.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** Why, in words; the HTTP client often has them only in a cause, or not at all. */
    static String reason(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException) {
                return "no such host";
            }
            if (t.getMessage() != null && !t.getMessage().isBlank()) {
                return Names.clean(t.getMessage());
            }
        }
        return e instanceof ConnectException ? "connection refused" : e.getClass().getSimpleName();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
