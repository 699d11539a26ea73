package radedit.tools.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name, in upper or lower case, as curl and Python have
 * it. The JVM itself only looks at its own properties.
 */
final class EnvironmentProxy extends ProxySelector {
    private final Map<String, String> env;

    private EnvironmentProxy(Map<String, String> env) {
        this.env = env;
    }

    /**
     * The environment's proxies, or the JVM's if it names none.
     *
     * @throws IllegalArgumentException
     *             naming a variable whose value cannot be used
     */
    static ProxySelector of(Map<String, String> env) {
        EnvironmentProxy p = new EnvironmentProxy(env);
        if (p.address("https").or(() -> p.address("http")).isEmpty()) {
            return ProxySelector.getDefault();
        }
        p.address("http");
        return p;
    }

    private Optional<InetSocketAddress> address(String scheme) {
        for (String name : List.of(scheme + "_proxy", "all_proxy")) {
            String value = env.getOrDefault(name, env.getOrDefault(name.toUpperCase(Locale.ROOT), ""));
            if (!value.isEmpty()) {
                return Optional.of(parse(name, value));
            }
        }
        return Optional.empty();
    }

    private static InetSocketAddress parse(String name, String value) {
        try {
            URI u = URI.create(value.contains("://") ? value : "http://" + value);
            if ("http".equals(u.getScheme()) && u.getHost() != null && u.getRawUserInfo() == null) {
                return InetSocketAddress.createUnresolved(u.getHost(), u.getPort() < 0 ? 80 : u.getPort());
            }
        } catch (IllegalArgumentException e) {
            // the same sentence, which must not repeat a password
        }
        throw new IllegalArgumentException(name.toUpperCase(Locale.ROOT)
                + " names no proxy that can be used here (http://HOST:PORT without a password is expected)");
    }

    @Override
    public List<Proxy> select(URI uri) {
        Optional<InetSocketAddress> to = exempt(uri.getHost()) ? Optional.empty() : address(uri.getScheme());
        // The host is resolved only now, when it is needed.
        return List.of(to.map(a -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(a.getHostString(), a.getPort())))
                .orElse(Proxy.NO_PROXY));
    }

    private boolean exempt(String host) {
        for (String entry : env.getOrDefault("no_proxy", env.getOrDefault("NO_PROXY", "")).split("[, ]+")) {
            String suffix = entry.replaceFirst("^\\*?\\.", "").replaceFirst(":[0-9]+$", "");
            if (entry.equals("*") || !suffix.isEmpty()
                    && (host.equalsIgnoreCase(suffix) || host.toLowerCase(Locale.ROOT)
                            .endsWith("." + suffix.toLowerCase(Locale.ROOT)))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // The request itself fails with the reason.
    }
}
