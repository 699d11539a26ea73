package radedit.tools.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP requests, each over a connection of its own: compared to large files, the cost of a connection is
 * negligible. Does not follow redirects.
 */
public final class HttpTransport implements AutoCloseable {
    /**
     * A response.
     *
     * @param headers
     *            the first of each name, by lower-case name
     * @param body
     *            to be closed; reads throw SocketTimeoutException after the read timeout
     */
    public record Response(int status, Map<String, String> headers, InputStream body) {}

    private static final int BUFFER = 1 << 16;
    private static final int MOST_INTERIM = 10;

    private final Network network;
    private final Connector connector;
    private final Duration readTimeout;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * @param readTimeout
     *            longest wait for a response to begin, and between its parts
     */
    public HttpTransport(Network network, Duration readTimeout) {
        this.network = network;
        this.connector = new Connector(network.context());
        this.readTimeout = readTimeout;
    }

    /**
     * Makes a request without a body.
     *
     * @param address
     *            http or https, with a host
     * @throws SocketTimeoutException
     *            if the response does not begin in time
     * @throws ProxyException
     *            if a proxy fails or refuses
     * @throws IOException
     *            if the server cannot be reached or authenticated, or does not speak HTTP
     */
    public Response send(String method, URI address, Map<String, String> headers) throws IOException {
        Origin to = Origin.of(address);
        Optional<ProxyAddress> proxy = network.proxy(to);
        Socket socket = null;
        try (Deadline deadline = new Deadline(readTimeout)) {
            try {
                socket = connector.open(to, proxy, deadline);
                open.add(socket);
                Optional<ProxyAddress> forwarding = to.secure()
                        ? Optional.empty()
                        : proxy.filter(p -> !p.kind().isSocks());
                return exchange(method, to, headers, forwarding, socket);
            } catch (IOException e) {
                close(socket);
                deadline.watch(null);
                if (deadline.hasPassed() && !(e instanceof ProxyException)) {
                    throw new SocketTimeoutException(to.host() + " does not answer");
                }
                throw e;
            } catch (RuntimeException e) {
                close(socket);
                throw e;
            }
        }
    }

    private Response exchange(String method, Origin to, Map<String, String> headers, Optional<ProxyAddress> forwarding,
            Socket socket)
            throws IOException {
        StringBuilder request = new StringBuilder(method + " "
                + (forwarding.isPresent() ? "http://" + to.shortAuthority() : "") + to.target() + " HTTP/1.1\r\nHost: "
                + to.shortAuthority() + "\r\nConnection: close\r\n");
        forwarding.flatMap(ProxyAddress::authorization).ifPresent(a -> header(request, "Proxy-Authorization", a));
        headers.forEach((name, value) -> header(request, name, value));
        socket.setSoTimeout((int) Math.min(readTimeout.toMillis(), Integer.MAX_VALUE));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        Head head = Head.read(in);
        for (int n = 0; head.status() / 100 == 1; n++) { // Continue, Early Hints
            if (n == MOST_INTERIM) {
                throw new ProtocolException("the response itself does not arrive");
            }
            head = Head.read(in);
        }
        if (head.status() == 407 && forwarding.isPresent()) {
            throw Connector.refused(forwarding.get(), head, to);
        }
        return new Response(head.status(), head.headers(),
                Body.of(head, method.equals("HEAD"), in, () -> close(socket)));
    }

    private static void header(StringBuilder request, String name, String value) {
        if (!value.matches("[\\x20-\\x7e]*")) {
            throw new IllegalArgumentException("a value of " + name + " that no header has");
        }
        request.append(name).append(": ").append(value).append("\r\n");
    }

    private void close(@Nullable Socket socket) {
        Deadline.closeQuietly(socket);
        if (socket != null) {
            open.remove(socket);
        }
    }

    /** Closes open connections. */
    @Override
    public void close() {
        open.forEach(Deadline::closeQuietly);
        open.clear();
    }
}
