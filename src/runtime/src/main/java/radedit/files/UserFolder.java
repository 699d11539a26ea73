package radedit.files;

import java.nio.file.Path;
import java.util.Map;

/** The user's folders: for data that this program can recompute or download again, and for what it must not lose. */
public final class UserFolder {
    private UserFolder() {
    }

    /** {@return the folder named by RADEDIT_HOME, else {@code radedit} in the user's cache folder} */
    public static Path home() {
        return home(System.getenv());
    }

    /**
     * {@return the folder named by RADEDIT_HOME, else {@code radedit} in the user's cache folder}
     *
     * @param environment
     *            environment variables
     */
    public static Path home(Map<String, String> environment) {
        String own = environment.getOrDefault("RADEDIT_HOME", "");
        return own.isEmpty() ? cache(environment).resolve("radedit") : Path.of(own);
    }

    /**
     * {@return the user's cache folder by the XDG Base Directory Specification}
     *
     * @param environment
     *            environment variables
     */
    public static Path cache(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        return xdg.isEmpty() ? userHome(environment).resolve(".cache") : Path.of(xdg);
    }

    /**
     * {@return the folder for what cannot be made again, such as films and results of a server: that named by
     * RADEDIT_HOME, else {@code radedit} in the user's data folder by the XDG Base Directory Specification}
     *
     * @param environment
     *            environment variables
     */
    public static Path data(Map<String, String> environment) {
        String own = environment.getOrDefault("RADEDIT_HOME", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        Path data = xdg.isEmpty() ? userHome(environment).resolve(".local").resolve("share") : Path.of(xdg);
        return data.resolve("radedit");
    }

    /**
     * {@return the user's home folder: HOME, which containers set, else what the system reports}
     *
     * @param environment
     *            environment variables
     */
    public static Path userHome(Map<String, String> environment) {
        String home = environment.getOrDefault("HOME", "");
        return Path.of(home.isEmpty() ? System.getProperty("user.home") : home);
    }
}
