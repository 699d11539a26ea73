package radedit.tools.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import radedit.tools.http.ProxyException.Kind;

/**
 * Requests a connection from a SOCKS proxy.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1928">RFC 1928, version 5</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1929">RFC 1929, user and password</a>
 */
final class Socks {
    private static final int CONNECT = 1;
    private static final int NO_SIGN_IN = 0;
    private static final int PASSWORD = 2;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int LONGEST_NAME = 255;
    private static final int GRANTED4 = 0x5A;
    private static final String[] FAULTS = {"", "has failed", "does not allow this connection",
            "does not reach its network",
            "does not reach it", "was refused by it", "has waited too long for it", "does not make connections",
            "does not know this kind of address"};

    private final ProxyAddress proxy;
    private final Socket socket;
    private final InputStream in;

    private Socks(ProxyAddress proxy, Socket socket) throws IOException {
        this.proxy = proxy;
        this.socket = socket;
        this.in = socket.getInputStream();
    }

    /**
     * Turns a socket that is connected to the proxy into one that is connected to a host behind it.
     *
     * @throws ProxyException
     *            if the proxy fails or refuses
     */
    static void connect(ProxyAddress proxy, Socket socket, String host, int port) throws IOException {
        Socks s = new Socks(proxy, socket);
        try {
            switch (proxy.kind()) {
                case SOCKS4, SOCKS4A -> s.connect4(host, port);
                default -> s.connect5(host, port);
            }
        } catch (EOFException e) {
            throw new ProxyException(Kind.PASSING, proxy + " closed the connection (is it a SOCKS proxy?)");
        }
    }

    /** The host's address if it is to be resolved here and can be, else null: the proxy may know more names. */
    private static @Nullable InetAddress resolve(String host, boolean here) {
        boolean literal = host.indexOf(':') >= 0 || host.matches("\\d+(\\.\\d+){3}");
        try {
            return here || literal ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private void connect5(String host, int port) throws IOException {
        ProxyAddress.Account account = proxy.account();
        send(account == null ? new byte[]{5, 1, NO_SIGN_IN} : new byte[]{5, 2, NO_SIGN_IN, PASSWORD});
        byte[] chosen = receive(2);
        if (chosen[0] != 5) {
            throw new ProxyException(Kind.FINAL, proxy + " does not speak SOCKS 5");
        }
        if (chosen[1] == PASSWORD && account != null) {
            signIn(account);
        } else if (chosen[1] != NO_SIGN_IN) {
            throw new ProxyException(Kind.FINAL, proxy + (account == null
                    ? " requires a user and a password (socks5://USER:PASSWORD@HOST:PORT)"
                    : " requires an unsupported kind of authentication"));
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[]{5, CONNECT, 0});
        InetAddress address = resolve(host, proxy.kind() == ProxyAddress.Kind.SOCKS5);
        if (address == null) {
            byte[] name = host.getBytes(StandardCharsets.UTF_8);
            if (name.length > LONGEST_NAME) {
                throw new ProxyException(Kind.FINAL, proxy + " cannot be asked for a host with a name this long");
            }
            request.write(NAME);
            request.write(name.length);
            request.writeBytes(name);
        } else {
            request.write(address instanceof Inet4Address ? IPV4 : IPV6);
            request.writeBytes(address.getAddress());
        }
        request.write(port >> 8);
        request.write(port);
        send(request.toByteArray());
        byte[] reply = receive(4);
        if (reply[1] != 0) {
            int code = reply[1] & 0xFF;
            throw new ProxyException(code == 2 || code >= 7 ? Kind.FINAL : Kind.PASSING,
                    proxy + ", asked for " + host + ", "
                            + (code < FAULTS.length ? FAULTS[code] : "answers with fault " + code));
        }
        int bound = switch (reply[3]) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> receive(1)[0] & 0xFF;
            default -> throw new ProxyException(Kind.FINAL, proxy + " answers with an address of no known kind");
        };
        receive(bound + 2);
    }

    private void signIn(ProxyAddress.Account account) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(1);
        for (String s : new String[]{account.user(), account.password()}) {
            byte[] b = s.getBytes(StandardCharsets.UTF_8);
            request.write(b.length);
            request.writeBytes(b);
        }
        send(request.toByteArray());
        if (receive(2)[1] != 0) {
            throw new ProxyException(Kind.FINAL, proxy + " does not accept the user and password");
        }
    }

    private void connect4(String host, int port) throws IOException {
        InetAddress address = resolve(host, proxy.kind() == ProxyAddress.Kind.SOCKS4);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(new byte[]{4, CONNECT, (byte) (port >> 8), (byte) port});
        boolean named = !(address instanceof Inet4Address);
        request.writeBytes(address instanceof Inet4Address own
                ? own.getAddress()
                : new byte[]{0, 0, 0, 1}); // 0.0.0.1 means that a name follows
        ProxyAddress.Account account = proxy.account();
        request.writeBytes((account == null ? "" : account.user()).getBytes(StandardCharsets.UTF_8));
        request.write(0);
        if (named) {
            request.writeBytes(host.getBytes(StandardCharsets.UTF_8));
            request.write(0);
        }
        send(request.toByteArray());
        byte[] reply = receive(8);
        if (reply[0] != 0) {
            throw new ProxyException(Kind.FINAL, proxy + " does not speak SOCKS 4");
        }
        if (reply[1] != GRANTED4) {
            throw new ProxyException(Kind.FINAL, proxy + ", asked for " + host + ", does not connect");
        }
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    private byte[] receive(int count) throws IOException {
        byte[] b = in.readNBytes(count);
        if (b.length < count) {
            throw new EOFException();
        }
        return b;
    }
}
