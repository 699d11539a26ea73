package radedit.tools.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLException;

import radedit.tools.hub.HubException.Kind;
import radedit.tools.http.HttpTransport;
import radedit.tools.http.ProxyException;

/**
 * HTTP requests to the hub. Redirects are followed here for two reasons: the token is sent to the hub's own address
 * only, never to the host that serves the bytes; and a HEAD request should end at the hub's description of a file.
 */
final class HubRequests implements AutoCloseable {
    private static final int MOST_REDIRECTS = 8;

    /** The JDK's message for a certificate chain without a known authority. */
    private static final String UNKNOWN_AUTHORITY = "PKIX path";

    private final HubSettings settings;
    private final HttpTransport transport;

    HubRequests(HubSettings settings) {
        this.settings = settings;
        this.transport = new HttpTransport(settings.network(), settings.readTimeout());
    }

    /**
     * Makes a request.
     *
     * @param method
     *            GET, or HEAD, which ends when the hub has described the file
     * @throws HubException
     *            if there is no answer
     */
    Reply send(String method, URI address, Map<String, String> headers) throws IOException {
        URI at = address;
        Map<String, String> said = new LinkedHashMap<>();
        for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
            HttpTransport.Response r = exchange(method, at, headers);
            boolean foreign = !origin(at).equals(origin(settings.endpoint()));
            r.headers().forEach((name, value) -> {
                if (name.startsWith("x-")) {
                    said.putIfAbsent(name, value);
                }
            });
            Optional<String> location = Optional.ofNullable(r.headers().get("location"));
            boolean redirect = r.status() / 100 == 3 && location.isPresent();
            URI next = redirect ? next(at, location.get()) : at;
            boolean known = method.equals("HEAD") && said.containsKey("x-linked-etag")
                    && !origin(next).equals(origin(at));
            if (!redirect || known) {
                Map<String, String> all = new LinkedHashMap<>(r.headers());
                all.putAll(said);
                return new Reply(r.status(), at, foreign, all,
                        new TimeoutStream(r.body(), at.getHost(), settings.readTimeout()));
            }
            r.body().close();
            at = next;
        }
        throw new HubException(Kind.FINAL, address.getHost() + " redirects endlessly");
    }

    private HttpTransport.Response exchange(String method, URI at, Map<String, String> headers) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("User-Agent", "radedit");
        all.put("Accept", "*/*");
        all.put("Accept-Encoding", "identity");
        if (origin(at).equals(origin(settings.endpoint()))) {
            settings.token().ifPresent(t -> all.put("Authorization", "Bearer " + t));
        }
        try {
            return transport.send(method, at, all);
        } catch (ProxyException e) {
            throw new HubException(switch (e.kind()) {
                case UNREACHABLE -> Kind.UNREACHABLE;
                case PASSING -> Kind.PASSING;
                case FINAL -> Kind.FINAL;
            }, e.fault(), e);
        } catch (SocketTimeoutException e) {
            throw new HubException(Kind.UNREACHABLE,
                    at.getHost() + " has not answered for " + settings.readTimeout().toSeconds() + " s", e);
        } catch (ConnectException | NoRouteToHostException | UnknownHostException e) {
            throw new HubException(Kind.UNREACHABLE, at.getHost() + " cannot be reached (" + reason(e) + ")", e);
        } catch (SSLException e) {
            throw new HubException(Kind.FINAL, at.getHost() + ": no secure connection (" + reason(e) + ")"
                    + (reason(e).contains(UNKNOWN_AUTHORITY)
                            ? "\nif your network has a certificate authority of its own, SSL_CERT_FILE takes the file of its certificate"
                            : ""),
                    e);
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
            // falls through to the message below
        }
        throw new HubException(Kind.FINAL,
                from.getHost() + " redirects to '" + Names.clean(location) + "', which is not followed");
    }

    /** Scheme, host and port, which decide whether the token is sent. */
    private static String origin(URI u) {
        int port = u.getPort() >= 0 ? u.getPort() : "https".equals(u.getScheme()) ? 443 : 80;
        return u.getScheme() + "://" + u.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** The reason in words, which is often only in a cause, or missing. */
    static String reason(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException) {
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
        transport.close();
    }
}
