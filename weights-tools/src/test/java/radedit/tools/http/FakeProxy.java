package radedit.tools.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ServerSocketFactory;

/**
 * A proxy on loopback for HTTP, SOCKS 4 and 5, distinguished by the first byte. It resolves "hub.test" to where it
 * connects to localhost, and records requests.
 */
public final class FakeProxy implements AutoCloseable {
    /** Replaces the answer to a connection. */
    public interface Answer {
        void give(Socket socket) throws Exception;
    }

    /** Requests, as METHOD TARGET or socks5 HOST:PORT. */
    public final List<String> asked = new CopyOnWriteArrayList<>();
    /** Everything received before the connection was made. */
    public final List<String> heard = new CopyOnWriteArrayList<>();
    /** Required user:password; null for none. */
    public volatile String wanted;
    /** Value of Proxy-Authenticate. */
    public volatile String way = "Basic realm=\"p\"";
    public volatile Answer answer;
    private final ServerSocket server;

    public FakeProxy() {
        this(ServerSocketFactory.getDefault());
    }

    public FakeProxy(ServerSocketFactory sockets) {
        try {
            server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public String place() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket s = server.accept();
                Thread.ofVirtual().start(() -> serve(s));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket s) {
        try (s) {
            if (answer != null) {
                answer.give(s);
                return;
            }
            InputStream in = s.getInputStream();
            int first = in.read();
            Socket to = switch (first) {
                case 4 -> socks4(in, s.getOutputStream());
                case 5 -> socks5(in, s.getOutputStream());
                default -> http(first, in, s.getOutputStream());
            };
            if (to != null) {
                Thread back = Thread.ofVirtual().start(() -> pump(to, s));
                pump(s, to);
                back.join();
            }
        } catch (Exception e) {
            // the client sees it
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // one side has closed
        }
    }

    private static Socket dial(String host, int port) throws IOException {
        return new Socket(host.equals("hub.test") ? "localhost" : host, port);
    }

    private Socket http(int first, InputStream in, OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder().append((char) first);
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        heard.add(head.toString());
        String[] line = head.toString().split(" ");
        asked.add(line[0] + " " + line[1]);
        String sign = "proxy-authorization: basic " + (wanted == null
                ? ""
                : Base64.getEncoder().encodeToString(wanted.getBytes(StandardCharsets.UTF_8)).toLowerCase(Locale.ROOT));
        if (wanted != null && !head.toString().toLowerCase(Locale.ROOT).contains(sign + "\r\n")) {
            out.write(("HTTP/1.1 407 No\r\nProxy-Authenticate: " + way + "\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            return null;
        }
        if (line[0].equals("CONNECT")) {
            Socket to = dial(line[1].replaceFirst(":\\d+$", ""), Integer.parseInt(line[1].replaceFirst(".*:", "")));
            out.write("HTTP/1.1 200 OK\r\nX: y\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            return to;
        }
        java.net.URI u = java.net.URI.create(line[1]);
        Socket to = dial(u.getHost(), u.getPort());
        String forwarded = head.toString()
                .replace(line[1], u.getRawPath() + (u.getRawQuery() == null ? "" : "?" + u.getRawQuery()))
                .replaceFirst("(?i)proxy-authorization:[^\r]*\r\n", "");
        to.getOutputStream().write(forwarded.getBytes(StandardCharsets.ISO_8859_1));
        return to;
    }

    private static String until0(InputStream in) throws IOException {
        ByteArrayOutputStream s = new ByteArrayOutputStream();
        for (int c; (c = in.read()) > 0;) {
            s.write(c);
        }
        return s.toString(StandardCharsets.UTF_8);
    }

    private Socket socks4(InputStream in, OutputStream out) throws IOException {
        byte[] b = in.readNBytes(7);
        int port = (b[1] & 0xFF) << 8 | b[2] & 0xFF;
        String user = until0(in);
        boolean named = b[3] == 0 && b[4] == 0 && b[5] == 0 && b[6] != 0;
        String host = named
                ? until0(in)
                : InetAddress.getByAddress(new byte[]{b[3], b[4], b[5], b[6]}).getHostAddress();
        asked.add("socks4 " + host + ":" + port + " " + user);
        if (wanted != null && !wanted.startsWith(user + ":")) {
            out.write(new byte[]{0, 93, 0, 0, 0, 0, 0, 0});
            return null;
        }
        Socket to = dial(host, port);
        out.write(new byte[]{0, 90, 0, 0, 0, 0, 0, 0});
        return to;
    }

    private Socket socks5(InputStream in, OutputStream out) throws IOException {
        byte[] methods = in.readNBytes(in.read());
        boolean can = new String(methods, StandardCharsets.ISO_8859_1).indexOf(2) >= 0;
        out.write(new byte[]{5, (byte) (wanted == null ? 0 : can ? 2 : 0xFF)});
        if (wanted != null) {
            if (!can) {
                return null;
            }
            in.read();
            String user = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
            String password = new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
            boolean fits = wanted.equals(user + ":" + password);
            out.write(new byte[]{1, (byte) (fits ? 0 : 1)});
            if (!fits) {
                return null;
            }
        }
        int kind = in.readNBytes(4)[3];
        String host = kind == 3
                ? new String(in.readNBytes(in.read()), StandardCharsets.UTF_8)
                : InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
        byte[] p = in.readNBytes(2);
        int port = (p[0] & 0xFF) << 8 | p[1] & 0xFF;
        asked.add("socks5 " + host + ":" + port);
        Socket to = dial(host, port);
        out.write(new byte[]{5, 0, 0, 3, 2, 'a', 'b', 0, 0}); // bound to a name, as some say
        return to;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            // nothing left to close
        }
    }
}
