package radedit.tools.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

import javax.net.ssl.SSLContext;

/** The trusted certificate authorities and the proxies. */
public final class Network {
    private final SSLContext context;
    private final Proxies proxies;

    private Network(SSLContext context, Proxies proxies) {
        this.context = context;
        this.proxies = proxies;
    }

    /**
     * From SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE; HTTPS_PROXY, HTTP_PROXY, ALL_PROXY,
     * NO_PROXY.
     *
     * @throws IllegalArgumentException
     *            if a variable's value is invalid; the message names the variable
     */
    public static Network of(Map<String, String> env) {
        return new Network(Authorities.context(env), new Proxies(env));
    }

    SSLContext context() {
        return context;
    }

    Optional<ProxyAddress> proxy(Origin to) {
        return proxies.find(to.uri(), to.host(), to.port());
    }

    /** The proxy for an address, without user and password; absent if there is none. */
    public Optional<String> describeProxy(URI address) {
        return proxy(Origin.of(address)).map(ProxyAddress::toString);
    }
}
