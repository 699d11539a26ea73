package radedit.tools.http;

import java.net.URI;

/**
 * The target of a request.
 *
 * @param host
 *            a name, or an address without brackets
 */
record Origin(URI uri, boolean secure, String host, int port) {
    static Origin of(URI uri) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost();
        return new Origin(uri, secure, host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80);
    }

    /** HOST:PORT. */
    String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** HOST, or HOST:PORT if the port is not the default. */
    String shortAuthority() {
        return port == (secure ? 443 : 80) ? authority().replaceFirst(":\\d+$", "") : authority();
    }

    /** Path and query. */
    String target() {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        return ascii.getRawQuery() == null ? path : path + "?" + ascii.getRawQuery();
    }
}
