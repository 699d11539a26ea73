package radedit.tools.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import radedit.tools.http.ProxyException.Kind;

/** Connects to a server, possibly through a proxy, and starts TLS. */
final class Connector {
    private final SSLContext context;

    Connector(SSLContext context) {
        this.context = context;
    }

    /**
     * Opens a connection.
     *
     * @param proxy
     *            absent for none; for an HTTP proxy and an insecure address, only the proxy is connected to, since it
     *            receives the request
     * @throws ProxyException
     *            if the proxy fails
     */
    Socket open(Origin to, Optional<ProxyAddress> proxy, Deadline deadline) throws IOException {
        Socket socket = proxy.isPresent() ? through(proxy.get(), to, deadline) : dial(to.host(), to.port(), deadline);
        return to.secure() ? secure(socket, to.host(), to.port()) : socket;
    }

    private Socket through(ProxyAddress proxy, Origin to, Deadline deadline) throws IOException {
        Socket socket;
        try {
            socket = dial(proxy.host(), proxy.port(), deadline);
        } catch (UnknownHostException e) {
            throw new ProxyException(Kind.UNREACHABLE, proxy + " cannot be reached (no such host)");
        } catch (ConnectException | NoRouteToHostException | SocketTimeoutException e) {
            throw new ProxyException(Kind.UNREACHABLE, proxy + " cannot be reached (" + e.getMessage() + ")");
        }
        try {
            if (proxy.kind().isSocks()) {
                Socks.connect(proxy, socket, to.host(), to.port());
                return socket;
            }
            Socket way = proxy.kind() == ProxyAddress.Kind.HTTPS ? secure(socket, proxy.host(), proxy.port()) : socket;
            if (to.secure()) {
                tunnel(proxy, way, to);
            }
            return way;
        } catch (ProxyException e) {
            throw e;
        } catch (IOException e) {
            throw deadline.hasPassed()
                    ? new ProxyException(Kind.UNREACHABLE, proxy + " did not answer in time")
                    : new ProxyException(e instanceof SSLException ? Kind.FINAL : Kind.PASSING,
                            proxy + " does not connect (" + Head.clean(String.valueOf(e.getMessage()))
                                    + ")");
        }
    }

    /** Tries each address of a host name. */
    private static Socket dial(String host, int port, Deadline deadline) throws IOException {
        InetAddress[] all = InetAddress.getAllByName(host);
        IOException last = null;
        for (int i = 0; i < all.length; i++) {
            Socket socket = new Socket(Proxy.NO_PROXY);
            deadline.watch(socket);
            try {
                socket.setTcpNoDelay(true);
                socket.connect(new InetSocketAddress(all[i], port),
                        Math.max(1, deadline.millisLeft() / (all.length - i)));
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private Socket secure(Socket socket, String host, int port) throws IOException {
        SSLSocket s = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        SSLParameters p = s.getSSLParameters();
        p.setEndpointIdentificationAlgorithm("HTTPS");
        s.setSSLParameters(p);
        s.startHandshake();
        return s;
    }

    /** CONNECT (RFC 9110, 9.3.6). */
    private static void tunnel(ProxyAddress proxy, Socket socket, Origin to) throws IOException {
        StringBuilder request = new StringBuilder("CONNECT " + to.authority() + " HTTP/1.1\r\nHost: " + to.authority()
                + "\r\nUser-Agent: radedit\r\n");
        proxy.authorization().ifPresent(a -> request.append("Proxy-Authorization: ").append(a).append("\r\n"));
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        Head head = Head.read(socket.getInputStream()); // exactly the head: the following bytes come from the server
        if (head.status() / 100 != 2) {
            throw refused(proxy, head, to);
        }
    }

    /** The exception for a proxy's error response. */
    static ProxyException refused(ProxyAddress proxy, Head head, Origin to) {
        if (head.status() == 407) {
            String ways = head.header("proxy-authenticate").orElse("");
            boolean basic = ways.isEmpty() || ways.toLowerCase(Locale.ROOT).contains("basic");
            return new ProxyException(Kind.FINAL, proxy + (!basic
                    ? " requires an unsupported kind of authentication (" + Head.clean(ways)
                            + "; Basic is supported)"
                    : proxy.account() == null
                            ? " requires a user and a password (http://USER:PASSWORD@HOST:PORT)"
                            : " does not accept the user and password"));
        }
        boolean passing = head.status() == 429 || head.status() >= 500 && head.status() != 501;
        return new ProxyException(passing ? Kind.PASSING : Kind.FINAL,
                proxy + ", asked for " + to.host() + ", answers " + head.status()
                        + (head.reason().isEmpty() ? "" : " " + Head.clean(head.reason())));
    }
}
