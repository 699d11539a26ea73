package radedit.tools.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import radedit.files.UserFolder;
import radedit.message.Message;
import radedit.message.Setting;
import radedit.message.SettingException;
import radedit.tools.http.Network;

/** The hub's address, the cache folder and how requests are made, from the environment variables of huggingface_hub. */
public final class HubSettings {
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");
    /** Tokens are checked before use, because an error about an invalid header would print them. */
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    private final Path cache;
    private final URI endpoint;
    private final Optional<String> token;
    private final boolean offline;
    private final boolean links;
    private final Duration readTimeout;
    private final Duration pause;
    private final Network network;

    private HubSettings(Path cache, URI endpoint, Optional<String> token, boolean offline, boolean links,
            Duration readTimeout, Duration pause, Network network) {
        this.cache = cache;
        this.endpoint = endpoint;
        this.token = token;
        this.offline = offline;
        this.links = links;
        this.readTimeout = readTimeout;
        this.pause = pause;
        this.network = network;
    }

    /**
     * {@return the settings that environment variables define}
     *
     * @param env
     *            environment variables
     * @throws IllegalArgumentException
     *            if a variable's value is invalid; the message names the variable
     * @throws IOException
     *            if the token's file cannot be read
     */
    public static HubSettings of(Map<String, String> env) throws IOException {
        String own = env.getOrDefault("HF_HOME", "");
        Path home = own.isEmpty() ? UserFolder.cache(env).resolve("huggingface") : expand(own, env);
        Path cache = home.resolve("hub");
        for (String name : new String[]{"HUGGINGFACE_HUB_CACHE", "HF_HUB_CACHE"}) {
            String place = env.getOrDefault(name, "");
            cache = place.isEmpty() ? cache : expand(place, env);
        }
        String endpoint = env.getOrDefault("HF_ENDPOINT", "");
        return new HubSettings(cache.toAbsolutePath(),
                address(endpoint.isEmpty() ? "https://huggingface.co" : endpoint, "HF_ENDPOINT"), token(env, home),
                is("HF_HUB_OFFLINE", env) || is("TRANSFORMERS_OFFLINE", env), !is("HF_HUB_DISABLE_SYMLINKS", env),
                readTimeout(env), Duration.ofSeconds(1), Network.of(env));
    }

    /**
     * {@return these settings with another hub, such as a mirror}
     *
     * @param address
     *            http or https address, without user, query and fragment
     * @throws SettingException
     *            if the address is invalid
     */
    public HubSettings withEndpoint(String address) {
        return new HubSettings(cache, address(address, Setting.ENDPOINT), token, offline, links, readTimeout, pause,
                network);
    }

    HubSettings withPause(Duration first) {
        return new HubSettings(cache, endpoint, token, offline, links, readTimeout, first, network);
    }

    /** {@return the cache folder, absolute: HF_HUB_CACHE, else {@code hub} in HF_HOME or in the user's cache folder} */
    public Path cache() {
        return cache;
    }

    /** {@return the hub's address, without a slash at its end: HF_ENDPOINT, else https://huggingface.co} */
    public URI endpoint() {
        return endpoint;
    }

    /** {@return whether no request may be made: HF_HUB_OFFLINE} */
    public boolean offline() {
        return offline;
    }

    /** HF_TOKEN, HUGGING_FACE_HUB_TOKEN, or the file in HF_HOME that logging in writes. */
    Optional<String> token() {
        return token;
    }

    /** Whether snapshots may be symbolic links, which HF_HUB_DISABLE_SYMLINKS forbids. */
    boolean links() {
        return links;
    }

    /** The longest silence of a server: HF_HUB_DOWNLOAD_TIMEOUT, else 30 s. */
    Duration readTimeout() {
        return readTimeout;
    }

    /** The wait before the second attempt; it doubles with each further one. */
    Duration pause() {
        return pause;
    }

    /** The trusted certificate authorities and the proxies. */
    Network network() {
        return network;
    }

    private static boolean is(String name, Map<String, String> env) {
        return TRUE.contains(env.getOrDefault(name, "").toUpperCase(Locale.ROOT));
    }

    private static URI address(String text, Object where) {
        try {
            URI u = new URI(text.replaceAll("/+$", ""));
            if (("https".equals(u.getScheme()) || "http".equals(u.getScheme())) && u.getHost() != null
                    && u.getRawUserInfo() == null && u.getRawQuery() == null && u.getRawFragment() == null) {
                return u;
            }
        } catch (URISyntaxException e) {
            // falls through to the message below
        }
        throw new SettingException(
                Message.of(where, " '", text, "' is not an address of a hub (https://HOST is expected)"));
    }

    private static Optional<String> token(Map<String, String> env, Path home) throws IOException {
        if (is("HF_HUB_DISABLE_IMPLICIT_TOKEN", env)) {
            return Optional.empty();
        }
        String where = "HF_TOKEN";
        String token = env.getOrDefault("HF_TOKEN", "");
        if (token.isEmpty()) {
            token = env.getOrDefault("HUGGING_FACE_HUB_TOKEN", "");
        }
        if (token.isEmpty()) {
            String place = env.getOrDefault("HF_TOKEN_PATH", "");
            Path file = place.isEmpty() ? home.resolve("token") : expand(place, env);
            where = file.toString();
            token = Files.isRegularFile(file) && Files.size(file) < 1 << 16 ? Files.readString(file) : "";
        }
        token = token.strip();
        if (!token.isEmpty() && !TOKEN.matcher(token).matches()) {
            throw new IllegalArgumentException(where + " holds characters that no token has");
        }
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private static Duration readTimeout(Map<String, String> env) {
        String seconds = env.getOrDefault("HF_HUB_DOWNLOAD_TIMEOUT", "");
        if (seconds.isEmpty()) {
            return Duration.ofSeconds(30);
        }
        if (!seconds.matches("[0-9]{1,4}") || Integer.parseInt(seconds) == 0) {
            throw new IllegalArgumentException("HF_HUB_DOWNLOAD_TIMEOUT '" + seconds + "' is not a number of seconds");
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /** Expands ~ and $NAME in a path, like a shell. */
    private static Path expand(String text, Map<String, String> env) {
        String s = text.equals("~") || text.startsWith("~/") ? UserFolder.userHome(env) + text.substring(1) : text;
        return Path.of(VARIABLE.matcher(s).replaceAll(m -> Matcher.quoteReplacement(
                env.getOrDefault(m.group(1) != null ? m.group(1) : m.group(2), m.group()))));
    }

    /** {@return endpoint and cache, without the token} */
    @Override
    public String toString() {
        return endpoint + " to " + cache;
    }
}
