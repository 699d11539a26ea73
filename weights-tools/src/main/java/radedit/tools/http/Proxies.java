package radedit.tools.http;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the proxy for an address from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in upper or lower case, like
 * curl and Python; without these, from the JVM's own properties.
 */
final class Proxies {
    private final Map<String, String> env;
    private final NoProxy exempt;

    /**
     * @throws IllegalArgumentException
     *            if a variable's value is invalid; the message names the variable
     */
    Proxies(Map<String, String> env) {
        this.env = env;
        this.exempt = new NoProxy(value("no_proxy"));
        named("https");
        named("http");
    }

    /** The lower-case variable takes precedence, even if it is empty. */
    private String value(String name) {
        return env.getOrDefault(name, env.getOrDefault(name.toUpperCase(Locale.ROOT), "")).strip();
    }

    private Optional<ProxyAddress> named(String scheme) {
        for (String name : List.of(scheme + "_proxy", "all_proxy")) {
            if (!value(name).isEmpty()) {
                return Optional.of(ProxyAddress.parse(name.toUpperCase(Locale.ROOT), value(name)));
            }
        }
        return Optional.empty();
    }

    /** The proxy for an address. */
    Optional<ProxyAddress> find(URI to, String host, int port) {
        if (named("https").or(() -> named("http")).isEmpty()) {
            return ofJvm(to);
        }
        return exempt.covers(host, port) ? Optional.empty() : named(to.getScheme());
    }

    private static Optional<ProxyAddress> ofJvm(URI to) {
        ProxySelector selector = ProxySelector.getDefault();
        if (selector == null) {
            return Optional.empty();
        }
        for (Proxy p : selector.select(to)) {
            if (p.address() instanceof InetSocketAddress a) {
                ProxyAddress.Kind kind = p.type() == Proxy.Type.SOCKS
                        ? ProxyAddress.Kind.SOCKS5H
                        : ProxyAddress.Kind.HTTP;
                return Optional.of(new ProxyAddress(kind, a.getHostString(), a.getPort(), null));
            }
        }
        return Optional.empty();
    }
}
