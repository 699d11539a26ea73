package radedit.tools.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proxy.
 *
 * @param host
 *            a name, or an address without brackets
 * @param account
 *            to authenticate with; null for none
 */
record ProxyAddress(Kind kind, String host, int port, @Nullable Account account) {
    /** User and password. */
    record Account(String user, String password) {
        private boolean fitsSocks() {
            return !tooLong(user) && !tooLong(password) && user.indexOf('\0') < 0;
        }

        private static boolean tooLong(String s) {
            return s.getBytes(StandardCharsets.UTF_8).length > LONGEST;
        }

        private String basic() {
            return "Basic " + Base64.getEncoder()
                    .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Protocol. HTTP and HTTPS are HTTP proxies, in the clear or over TLS. */
    enum Kind {
        HTTP(80), HTTPS(443), SOCKS4(1080), SOCKS4A(1080), SOCKS5(1080), SOCKS5H(1080);

        private final int port;

        Kind(int port) {
            this.port = port;
        }

        boolean isSocks() {
            return this != HTTP && this != HTTPS;
        }
    }

    /** Longest name, user and password in SOCKS. */
    private static final int LONGEST = 255;

    /**
     * Parses a variable's value: [SCHEME://][USER[:PASSWORD]@]HOST[:PORT], user and password percent-encoded where
     * necessary.
     *
     * @throws IllegalArgumentException
     *            naming the variable, but not its value, which may contain a password
     */
    static ProxyAddress parse(String variable, String value) {
        int scheme = value.indexOf("://");
        Kind kind = kind(variable, scheme < 0 ? "http" : value.substring(0, scheme));
        String rest = value.substring(scheme < 0 ? 0 : scheme + 3);
        int at = rest.lastIndexOf('@'); // passwords may contain @, so the last one separates
        String place = rest.substring(at + 1).replaceFirst("[/?#].*", "");
        Account account = at < 0 ? null : account(rest.substring(0, at));
        int colon = place.endsWith("]") ? -1 : place.lastIndexOf(':');
        String port = colon < 0 ? "" : place.substring(colon + 1);
        String host = (colon < 0 ? place : place.substring(0, colon)).replaceFirst("^\\[(.*)]$", "$1");
        if (!host.matches("[A-Za-z0-9._:%-]{1,255}") || !port.matches("\\d{0,5}")
                || !port.isEmpty() && Integer.parseInt(port) > 0xFFFF
                || kind.isSocks() && account != null && !account.fitsSocks()) {
            throw wrong(variable);
        }
        return new ProxyAddress(kind, host, port.isEmpty() || port.equals("0") ? kind.port : Integer.parseInt(port),
                account);
    }

    private static Account account(String text) {
        int colon = text.indexOf(':');
        return new Account(decode(colon < 0 ? text : text.substring(0, colon)),
                colon < 0 ? "" : decode(text.substring(colon + 1)));
    }

    private static Kind kind(String variable, String scheme) {
        return switch (scheme.toLowerCase(Locale.ROOT)) {
            case "http" -> Kind.HTTP;
            case "https" -> Kind.HTTPS;
            case "socks4" -> Kind.SOCKS4;
            case "socks4a" -> Kind.SOCKS4A;
            case "socks5" -> Kind.SOCKS5;
            case "socks5h", "socks" -> Kind.SOCKS5H; // desktops write socks:// and mean the newer one
            default -> throw wrong(variable);
        };
    }

    private static IllegalArgumentException wrong(String variable) {
        return new IllegalArgumentException(
                variable + " names no usable proxy ([SCHEME://][USER:PASSWORD@]HOST[:PORT]"
                        + " is expected; SCHEME is http, https, socks4, socks4a, socks5 or socks5h)");
    }

    /** Decodes percent-encoding where it is valid. */
    private static String decode(String s) {
        byte[] in = s.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out[n++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[n++] = in[i];
            }
        }
        return new String(out, 0, n, StandardCharsets.UTF_8);
    }

    /** The value of Proxy-Authorization. */
    Optional<String> authorization() {
        return Optional.ofNullable(account).map(Account::basic);
    }

    /** Without user and password. */
    @Override
    public String toString() {
        return "the proxy " + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
